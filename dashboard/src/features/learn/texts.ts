// The texts of the Learn pages, which are fetched with them.
import learn from "@texts/page/en/learn.json";
import { registerTexts } from "@/lib/texts";

registerTexts(learn);

export { findText, text } from "@/lib/texts";
