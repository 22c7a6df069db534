// The English texts that the home page needs. What only another page needs (its own file of
// texts/page/en) is registered by that page, so that it is fetched with it.
import app from "@texts/page/en/app.json";
import home from "@texts/page/en/home.json";
import miner from "@texts/page/en/miner.json";

export const english = { ...app, ...home, ...miner };
