import { Menu as Base } from "@base-ui/react/menu";
import { useRef } from "react";
import { Button } from "./Button";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon: IconName;
  danger?: boolean;
  onSelect: () => void;
}

interface Props {
  label: string;
  items: readonly MenuItem[];
  icon?: IconName;
  /** The label is shown beside the icon. */
  words?: boolean;
}

export function Menu({ label, items, icon = "more", words = false }: Props) {
  // Inside the page's landmarks, where screen readers look for it.
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place}>
      <Base.Root>
        <Base.Trigger
          render={
            words ? (
              <Button look="quiet" icon={icon}>
                {label}
              </Button>
            ) : (
              <Button look="plain" icon={icon} aria-label={label} />
            )
          }
        />
        <Base.Portal container={place}>
          <Base.Positioner className={styles.positioner} sideOffset={6} align="end">
            <Base.Popup className={styles.popup}>
              {items.map((item) => (
                <Base.Item
                  key={item.label}
                  className={classes(styles.item, item.danger && styles.danger)}
                  onClick={item.onSelect}
                >
                  <Icon name={item.icon} />
                  {item.label}
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
