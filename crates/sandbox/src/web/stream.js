// A WebSocket that reports a lost connection and reconnects automatically. It does not use server-sent events, because
// browsers count those among the six connections per host that all windows share.

/** @import {GatewayEvent} from "./types.d.ts" */

const WAITS = [300, 1000, 2000, 4000, 8000];

/**
 * Listens until `close` is called. On `onOpen` the caller must fetch everything again, because events were missed while
 * there was no connection.
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
