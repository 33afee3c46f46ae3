import type { enPanels } from "./enPanels.ts";

export const dePanels: Readonly<Record<keyof typeof enPanels, string>> = {
  "loading": "lädt ...",
  "dock": "Andockleiste",
  "dock.scene": "Szene",
  "dock.timeline": "Zeitleiste",
  "dock.log": "Protokoll",
  "dock.scene.none": "Noch keine Szene. Starte einen Graphen, der Netze, Figuren oder eine Szene gibt.",
  "dock.timeline.none": "Noch keine Bewegungen oder Klänge.",
  "dock.log.none": "Nichts wurde protokolliert.",
  "dock.apart": "Die Szene neben der Arbeitsfläche zeigen",
  "dock.back": "Die Szene in die Andockleiste zurück",
  "dock.close": "Die Andockleiste schließen",
  "dock.height": "Höhe der Andockleiste",
  "command.scene": "Szene",
  "command.timeline": "Zeitleiste",
  "command.log": "Protokoll",
  "command.queue": "Warteschlange",
  "panel.queue": "Warteschlange",
  "queue.pill": "Warteschlange: {running} laufen, {waiting} warten",
  "queue.pillPaused": "Warteschlange, angehalten: {running} laufen, {waiting} warten",
};
