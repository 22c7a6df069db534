// Several lines of text.
import type { TextareaHTMLAttributes } from "react";
import { Field, type FieldProps } from "./Field";

type Props = TextareaHTMLAttributes<HTMLTextAreaElement> & FieldProps;

export function TextArea({ label, hint, error = null, ...area }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <textarea rows={4} {...area} {...control} />}
    </Field>
  );
}
