// The texts about the time between two visits, which are fetched with it.
import visit from "@texts/page/en/visit.json";
import { registerTexts } from "@/lib/texts";

registerTexts(visit);

export { text } from "@/lib/texts";
