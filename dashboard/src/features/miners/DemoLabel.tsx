import { text } from "@/lib/texts";
import styles from "./DemoLabel.module.css";

export function DemoLabel() {
  return (
    <abbr className={styles.demo} title={text("miners.demo.meaning")}>
      {text("miners.demo")}
    </abbr>
  );
}
