import { lazy, Suspense } from "react";
import { useDialogParam } from "@/ui/useDialogParam";

// The dialog's machinery is fetched when it is first opened: the home page stays light.
const AddMinerDialog = lazy(() => import("./AddMinerDialog"));

export function AddMinerPlace() {
  const [dialog, openDialog] = useDialogParam();
  if (dialog !== "add") return null;
  return (
    <Suspense fallback={null}>
      <AddMinerDialog onClose={() => openDialog(null)} />
    </Suspense>
  );
}
