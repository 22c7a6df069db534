// The texts of the charts, which are fetched with them.
import history from "@texts/page/en/history.json";
import { registerTexts } from "@/lib/texts";

registerTexts(history);

export { findText, text } from "@/lib/texts";
