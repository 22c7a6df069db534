// The texts of one miner's page that no other page needs.
import device from "@texts/page/en/device.json";
import { registerTexts } from "@/lib/texts";

registerTexts(device);

export { text } from "@/lib/texts";
