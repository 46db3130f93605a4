// A WebSocket with a visible life: it says when the line is lost and mends it by itself. Not server-sent events:
// browsers count those among the six connections that all windows on one host share.

/** @import {GatewayEvent} from "./types.d.ts" */

const WAITS = [300, 1000, 2000, 4000, 8000];

/**
 * Listens until `close` is called. `onOpen` asks the caller to look at everything anew, so nothing that happened
 * before is missed.
 *
 * @param {string} path
 * @param {{onEvent: (event: GatewayEvent) => void, onOpen: () => void, onLost: () => void}} on
 */
export function listen(path, on) {
  const address = `${location.origin.replace(/^http/, "ws")}${path}`;
  /** @type {WebSocket | null} */
  let socket = null;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function open() {
    close();
    const own = (socket = new WebSocket(address));
    own.onopen = () => {
      failures = 0;
      on.onOpen();
    };
    own.onmessage = ({ data }) => own === socket && on.onEvent(JSON.parse(data));
    own.onclose = () => {
      if (own !== socket) return;
      on.onLost();
      timer = setTimeout(open, WAITS[Math.min(failures++, WAITS.length - 1)]);
    };
  }

  function close() {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close();
  }

  open();
  return { retry: open, close };
}
