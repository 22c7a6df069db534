// The texts of the channels' page, which are fetched with it.
import channels from "@texts/page/en/channels.json";
import { registerTexts } from "@/lib/texts";

registerTexts(channels);

export { asSentence, findText, text } from "@/lib/texts";
