// The texts of the first steps and of the settings, which are fetched with them.
import setup from "@texts/page/en/setup.json";
import { registerTexts } from "@/lib/texts";

registerTexts(setup);

export { text } from "@/lib/texts";
