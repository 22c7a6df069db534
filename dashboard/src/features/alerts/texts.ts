// The texts of the alerts' pages, which are fetched with them.
import alerts from "@texts/page/en/alerts.json";
import { registerTexts } from "@/lib/texts";

registerTexts(alerts);

export { text } from "@/lib/texts";
