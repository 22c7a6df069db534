// Asks before something is removed for good. What goes with it is said in `children`.
import type { ReactNode } from "react";
import { text } from "@/lib/texts";
import { Button } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { Note } from "./Note";

interface Props {
  title: string;
  /** What the button that does it says. */
  submit: string;
  busy: boolean;
  /** Why it could not be removed. */
  error: string | null;
  onRemove: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function RemoveDialog({ title, submit, busy, error, onRemove, onClose, children }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {error !== null && <Note tone="bad" icon="info" title={error} announced />}
      <DialogActions>
        <Button look="quiet" onClick={onClose}>
          {text("app.cancel")}
        </Button>
        <Button look="danger" icon="trash" busy={busy} onClick={onRemove}>
          {submit}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
