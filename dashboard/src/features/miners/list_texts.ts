// The texts of the tools for many miners, which are fetched with them.
import list from "@texts/page/en/list.json";
import { registerTexts } from "@/lib/texts";

registerTexts(list);

export { text } from "@/lib/texts";
