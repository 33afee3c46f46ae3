/** A sentence that is said and goes by itself; read out as well. */

import { useSayThat } from "../state/preferences.ts";
import { useViews } from "../state/views.ts";

export function Toast() {
  const sayThat = useSayThat();
  const toast = useViews((state) => state.toast);
  const at = toast?.at ?? null;
  const style = at === null ? undefined : { left: Math.min(at.x + 14, window.innerWidth - 300), top: Math.min(at.y + 14, window.innerHeight - 60) };
  return (
    <div className={`toast${toast === null ? "" : " is-shown"}${at === null ? "" : " at-pointer"}`} style={style} role="status" aria-live="polite" data-testid="toast">
      {toast === null ? "" : sayThat(toast.said)}
      {toast?.deed != null && (
        <button type="button" className="link" onClick={toast.deed.run}>
          {sayThat(toast.deed.label)}
        </button>
      )}
    </div>
  );
}
