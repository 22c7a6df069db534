// The texts of the comparison, which are fetched with it.
import compare from "@texts/page/en/compare.json";
import { registerTexts } from "@/lib/texts";

registerTexts(compare);

export { text } from "@/lib/texts";
