// Rename, change the address, remove: one at a time, chosen by the URL.
import { useLocation } from "wouter";
import { useChangeMiner, useRemoveMiner } from "@/api/actions";
import type { Miner } from "@/api/types";
import { text } from "@/lib/texts";
import { Dialog } from "@/ui/Dialog";
import { RemoveDialog } from "@/ui/RemoveDialog";
import { useToast } from "@/ui/Toasts";
import { useDialogParam } from "@/ui/useDialogParam";
import { OneFieldForm } from "./OneFieldForm";

interface Props {
  miner: Miner;
  onClose: () => void;
}

export function ChangeDialogs({ miner }: { miner: Miner }) {
  const [dialog, openDialog] = useDialogParam();
  const props = { miner, onClose: () => openDialog(null) };
  if (dialog === "rename") return <RenameDialog {...props} />;
  if (dialog === "move") return <MoveDialog {...props} />;
  if (dialog === "remove") return <RemoveMiner {...props} />;
  return null;
}

function RenameDialog({ miner, onClose }: Props) {
  const change = useChangeMiner(miner.id);
  const say = useToast();
  const save = (name: string): void => {
    const onSuccess = (changed: Miner): void => {
      say(text("rename.done", { name: changed.name }));
      onClose();
    };
    change.mutate({ name }, { onSuccess });
  };
  return (
    <Dialog title={text("rename.title", { name: miner.name })} onClose={onClose}>
      <OneFieldForm
        label={text("rename.label")}
        initial={miner.name}
        needed={text("rename.needName")}
        submit={text("rename.submit")}
        error={change.error?.message ?? null}
        busy={change.isPending}
        onSubmit={save}
        onCancel={onClose}
      />
    </Dialog>
  );
}

function MoveDialog({ miner, onClose }: Props) {
  const change = useChangeMiner(miner.id);
  const say = useToast();
  const save = (address: string): void => {
    const onSuccess = (changed: Miner): void => {
      say(text("move.done", { name: changed.name }));
      onClose();
    };
    change.mutate({ address }, { onSuccess });
  };
  return (
    <Dialog title={text("move.title", { name: miner.name })} onClose={onClose}>
      <OneFieldForm
        label={text("add.address")}
        hint={text("move.hint")}
        initial={miner.address}
        needed={text("add.needAddress")}
        submit={text("move.submit")}
        error={change.error?.message ?? null}
        busy={change.isPending}
        onSubmit={save}
        onCancel={onClose}
      />
    </Dialog>
  );
}

function RemoveMiner({ miner, onClose }: Props) {
  const remove = useRemoveMiner(miner.id);
  const [, navigate] = useLocation();
  const say = useToast();
  const onSuccess = (): void => {
    say(text("remove.done", { name: miner.name }));
    navigate("/", { replace: true });
  };
  return (
    <RemoveDialog
      title={text("remove.title", { name: miner.name })}
      submit={text("remove.submit")}
      busy={remove.isPending}
      error={remove.error?.message ?? null}
      onRemove={() => remove.mutate(undefined, { onSuccess })}
      onClose={onClose}
    >
      <p>{text("remove.text")}</p>
    </RemoveDialog>
  );
}
