// A message above the page, announced by the live region it is put into.

export function showMessage(level: "info" | "success" | "warning" | "error", text: string): void {
  const region = document.getElementById("messages");
  if (!region) return;
  for (const older of region.querySelectorAll("[data-from-script]")) older.remove();
  const message = document.createElement("p");
  message.className = `message message-${level}`;
  message.dataset.fromScript = "";
  message.textContent = text;
  region.append(message);
  message.scrollIntoView({ block: "nearest" });
}
