// A chart as a picture to keep: the canvas on the page's own ground, with its title above.

const TITLE_HEIGHT = 44;
const MARGIN = 16;

export async function savePicture(figure: HTMLElement, title: string, name: string): Promise<void> {
  const canvas = figure.querySelector("canvas");
  if (!canvas) return;
  const ratio = canvas.width / Math.max(canvas.clientWidth, 1);
  const style = getComputedStyle(figure);
  const picture = document.createElement("canvas");
  picture.width = canvas.width + 2 * MARGIN * ratio;
  picture.height = canvas.height + (TITLE_HEIGHT + MARGIN) * ratio;
  const ctx = picture.getContext("2d");
  if (!ctx) return;
  ctx.fillStyle = style.backgroundColor;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.fillStyle = style.color;
  ctx.font = `650 ${16 * ratio}px ${style.fontFamily}`;
  ctx.textBaseline = "middle";
  ctx.fillText(title, MARGIN * ratio, (TITLE_HEIGHT / 2) * ratio);
  ctx.drawImage(canvas, MARGIN * ratio, TITLE_HEIGHT * ratio);
  const blob = await new Promise<Blob | null>((done) => picture.toBlob(done, "image/png"));
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
