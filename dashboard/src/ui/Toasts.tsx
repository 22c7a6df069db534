// Short messages that what was asked for has happened. They are read out and go by themselves.
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import { Icon } from "./Icon";
import styles from "./Toasts.module.css";

type Say = (message: string) => void;

const SHOWN_FOR_MS = 6000;

const ToastContext = createContext<Say>(() => undefined);

export function useToast(): Say {
  return useContext(ToastContext);
}

interface Toast {
  id: number;
  message: string;
}

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);
  const say = useCallback<Say>((message) => {
    const toast = { id: ++lastId.current, message };
    setToasts((now) => [...now, toast]);
    setTimeout(() => setToasts((now) => now.filter((t) => t !== toast)), SHOWN_FOR_MS);
  }, []);
  return (
    <ToastContext value={say}>
      {children}
      <div className={styles.place} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <p key={toast.id} className={styles.toast}>
            <Icon name="check" />
            {toast.message}
          </p>
        ))}
      </div>
    </ToastContext>
  );
}
