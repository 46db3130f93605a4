// Server-sent events with a visible life: it says when the line is lost and mends it by itself.

/** @import {GatewayEvent} from "./types.d.ts" */

const WAITS = [300, 1000, 2000, 4000, 8000];

/**
 * Listens until `close` is called. After every opening but the first, `onOpen(true)` asks the caller to look
 * at everything anew, so nothing that happened in between is missed.
 *
 * @param {string} url
 * @param {{onEvent: (event: GatewayEvent) => void, onOpen: (again: boolean) => void, onLost: () => void}} on
 */
export function listen(url, on) {
  /** @type {EventSource | null} */
  let source = null;
  let failures = 0;
  let opened = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(url);
    source.onopen = () => {
      failures = 0;
      on.onOpen(opened);
      opened = true;
    };
    source.onmessage = ({ data }) => on.onEvent(JSON.parse(data));
    source.onerror = () => {
      source?.close();
      on.onLost();
      timer = setTimeout(open, WAITS[Math.min(failures++, WAITS.length - 1)]);
    };
  }

  open();
  return {
    retry: open,
    close() {
      clearTimeout(timer);
      source?.close();
    },
  };
}
