import { useRemoveChannel } from "@/api/channels";
import type { Channel } from "@/api/types";
import { Note } from "@/ui/Note";
import { RemoveDialog } from "@/ui/RemoveDialog";
import { useToast } from "@/ui/Toasts";
import { text } from "./texts";

interface Props {
  channel: Channel;
  /** No other is switched on. */
  isLast: boolean;
  onClose: () => void;
}

export function RemoveChannel({ channel, isLast, onClose }: Props) {
  const remove = useRemoveChannel(channel.id);
  const say = useToast();
  const { name } = channel;
  const onSuccess = (): void => {
    say(text("channels.removed", { name }));
    onClose();
  };
  return (
    <RemoveDialog
      title={text("channels.remove.title", { name })}
      submit={text("channels.remove")}
      busy={remove.isPending}
      error={remove.error?.message ?? null}
      onRemove={() => remove.mutate(undefined, { onSuccess })}
      onClose={onClose}
    >
      <p>{text("channels.remove.text")}</p>
      {isLast && channel.enabled && (
        <Note tone="warn" icon="bellOff" title={text("channels.remove.last")} />
      )}
    </RemoveDialog>
  );
}
