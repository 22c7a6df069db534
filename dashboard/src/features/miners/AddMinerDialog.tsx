import { text } from "@/lib/texts";
import { Dialog } from "@/ui/Dialog";
import { AddressForm } from "./AddressForm";

export default function AddMinerDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text("add.title")} onClose={onClose}>
      <AddressForm onAdded={onClose} />
    </Dialog>
  );
}
