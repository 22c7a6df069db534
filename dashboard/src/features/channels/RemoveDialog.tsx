import { useRemoveChannel } from "@/api/channels";
import type { Channel } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { Note } from "@/ui/Note";
import { useToast } from "@/ui/Toasts";
import { text } from "./texts";

interface Props {
  channel: Channel;
  /** No other is switched on. */
  isLast: boolean;
  onClose: () => void;
}

export function RemoveDialog({ channel, isLast, onClose }: Props) {
  const remove = useRemoveChannel(channel.id);
  const say = useToast();
  const { name } = channel;
  const onSuccess = (): void => {
    say(text("channels.removed", { name }));
    onClose();
  };
  return (
    <Dialog title={text("channels.remove.title", { name })} onClose={onClose}>
      <p>{text("channels.remove.text")}</p>
      {isLast && channel.enabled && (
        <Note tone="warn" icon="bellOff" title={text("channels.remove.last")} />
      )}
      {remove.error && <Note tone="bad" icon="info" title={remove.error.message} announced />}
      <DialogActions>
        <Button look="quiet" onClick={onClose}>
          {text("app.cancel")}
        </Button>
        <Button
          look="danger"
          icon="trash"
          busy={remove.isPending}
          onClick={() => remove.mutate(undefined, { onSuccess })}
        >
          {text("channels.remove")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
