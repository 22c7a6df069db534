import type { InputHTMLAttributes } from "react";
import { Field, type FieldProps } from "./Field";

type Props = InputHTMLAttributes<HTMLInputElement> & FieldProps;

export function TextField({ label, hint, error = null, ...input }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input {...input} {...control} />}
    </Field>
  );
}
