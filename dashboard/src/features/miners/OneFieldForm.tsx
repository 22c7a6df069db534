// The form inside the dialogs that change one thing.
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { DialogActions } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

interface Props {
  label: string;
  hint?: string;
  initial: string;
  /** Shown when the field is left empty. */
  needed: string;
  submit: ReactNode;
  error: string | null;
  busy: boolean;
  onSubmit: (value: string) => void;
  onCancel: () => void;
}

export function OneFieldForm(props: Props) {
  const [value, setValue] = useState(props.initial);
  const [missing, setMissing] = useState(false);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setMissing(value.trim() === "");
    if (value.trim() !== "" && !props.busy) props.onSubmit(value.trim());
  };
  return (
    <form onSubmit={submit} noValidate style={{ display: "contents" }}>
      <TextField
        label={props.label}
        hint={props.hint}
        error={missing ? props.needed : props.error}
        value={value}
        maxLength={127}
        autoComplete="off"
        onChange={(event) => setValue(event.target.value)}
        onFocus={(event) => event.target.select()}
      />
      <DialogActions>
        <Button look="quiet" onClick={props.onCancel}>
          {text("app.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={props.busy}>
          {props.busy ? text("form.saving") : props.submit}
        </Button>
      </DialogActions>
    </form>
  );
}
