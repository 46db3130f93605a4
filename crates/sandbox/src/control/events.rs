//! What people's clients receive, as server-sent events or over a WebSocket. A stream keeps its
//! newest events, so that a client which was away for a moment misses nothing.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use bytes::Bytes;
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::hub::Hub;
use crate::id::{Timestamp, UserId};
use crate::wire;
use crate::world::{Event, EventName, World};

/// How many events of one person are kept.
const KEPT: usize = 1000;

/// How often an idle stream sends a comment, so that nothing closes its connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The streams of all people who have ever opened a client.
#[derive(Default)]
pub(crate) struct Streams(HashMap<UserId, Kept>);

#[derive(Default)]
struct Kept {
    events: VecDeque<Arc<str>>,
    /// The number of the newest event. A change wakes the streams that wait.
    newest: watch::Sender<u64>,
}

impl Kept {
    fn push(&mut self, name: &str, data: &Value) {
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.events
            .push_back(json!({"t": name, "d": data}).to_string().into());
        self.newest.send_modify(|newest| *newest += 1);
    }

    /// The first event after number `seen`. `None` if there is none yet; an error if it is no longer kept.
    fn after(&self, seen: u64) -> Result<Option<Arc<str>>, Lost> {
        let newest = *self.newest.borrow();
        if seen == newest {
            return Ok(None);
        }
        let oldest = newest + 1 - self.events.len() as u64;
        let at = seen
            .saturating_add(1)
            .checked_sub(oldest)
            .and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.events.get(at))
            .cloned()
            .map(Some)
            .ok_or(Lost { newest })
    }
}

/// The wanted event is no longer kept, or this sandbox never sent it.
#[derive(Debug, PartialEq)]
struct Lost {
    newest: u64,
}

impl Streams {
    pub(crate) fn dispatch(&mut self, world: &World, now: Timestamp, event: &Event) {
        for (person, kept) in &mut self.0 {
            if let Some(data) = wire::dispatch(world, now, event, *person, None) {
                kept.push(event.name.as_str(), &data);
            }
        }
    }

    /// Makes every client fetch its view again.
    pub(crate) fn ask_to_resync(&mut self) {
        for kept in self.0.values_mut() {
            kept.push(EventName::Resync.as_str(), &json!({}));
        }
    }

    fn of(&mut self, person: UserId) -> &mut Kept {
        self.0.entry(person).or_default()
    }
}

/// A person's events: from now on, or from after the last one that the client saw.
pub(crate) fn person(
    hub: Arc<Hub>,
    person: UserId,
    last_seen: Option<u64>,
) -> Sse<impl Stream<Item = Result<Sent, Infallible>>> {
    let sent = numbered(hub, person, last_seen)
        .map(|(number, event)| Ok(Sent::default().id(number.to_string()).data(&*event)));
    Sse::new(sent).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// As [`person`], over a WebSocket and from now on. Browsers allow six connections to a host, and count event
/// streams but no WebSocket connections. So any number of windows can be open at once.
pub(crate) async fn person_socket(mut socket: WebSocket, hub: Arc<Hub>, person: UserId) {
    let events = numbered(hub, person, None);
    let mut events = std::pin::pin!(events);
    let mut keep_alive = tokio::time::interval(KEEP_ALIVE);
    loop {
        let message = tokio::select! {
            event = events.next() => match event {
                Some((_, event)) => Message::Text((&*event).into()),
                None => break,
            },
            _ = keep_alive.tick() => Message::Ping(Bytes::new()),
            // Clients send nothing that matters here, except that they close the connection.
            heard = socket.recv() => match heard {
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
    // If the client is already gone, it needs no close frame.
    let _ = socket.send(Message::Close(None)).await;
}

/// A person's events with their numbers, until the sandbox stops.
fn numbered(
    hub: Arc<Hub>,
    person: UserId,
    last_seen: Option<u64>,
) -> impl Stream<Item = (u64, Arc<str>)> {
    let (newest, news) = hub.streams(|streams| {
        let kept = streams.of(person);
        (*kept.newest.borrow(), kept.newest.subscribe())
    });
    let begin = (hub, news, last_seen.unwrap_or(newest));
    unfold(begin, move |(hub, mut news, seen)| async move {
        loop {
            news.mark_unchanged();
            match hub.streams(|streams| streams.of(person).after(seen)) {
                Ok(Some(event)) => return Some(((seen + 1, event), (hub, news, seen + 1))),
                Err(Lost { newest }) => {
                    let resync = json!({"t": EventName::Resync.as_str(), "d": {}}).to_string();
                    return Some(((newest, resync.into()), (hub, news, newest)));
                }
                Ok(None) => {}
            }
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return None },
                () = hub.stopped() => return None,
            }
        }
    })
}

/// The record's entries, from now on or from after `last_seen`.
pub(crate) fn record(
    hub: Arc<Hub>,
    last_seen: Option<u64>,
) -> Sse<impl Stream<Item = Result<Sent, Infallible>>> {
    let news = hub.record().watch();
    // The client may have seen a higher number in an earlier sandbox.
    let newest = hub.record().newest();
    let seen = last_seen.map_or(newest, |seen| seen.min(newest));
    let stream = unfold((hub, news, seen), |(hub, mut news, seen)| async move {
        loop {
            news.mark_unchanged();
            if let Some(entry) = hub.record().after(seen, 1).pop() {
                let sent = Sent::default()
                    .id(entry.seq.to_string())
                    .data(json!(entry).to_string());
                return Some((Ok(sent), (hub, news, entry.seq)));
            }
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return None },
                () = hub.stopped() => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_what_it_missed_or_is_told_that_it_is_lost() {
        let mut kept = Kept::default();
        assert_eq!(kept.after(0), Ok(None));
        assert_eq!(
            kept.after(7),
            Err(Lost { newest: 0 }),
            "from another sandbox"
        );
        for n in 1..=KEPT + 1 {
            kept.push("X", &json!(n));
        }
        let newest = KEPT as u64 + 1;
        assert_eq!(kept.after(0), Err(Lost { newest }));
        assert_eq!(
            kept.after(1).unwrap().as_deref(),
            Some(r#"{"d":2,"t":"X"}"#)
        );
        assert_eq!(kept.after(newest), Ok(None));
        assert_eq!(kept.after(newest + 1), Err(Lost { newest }));
        assert_eq!(kept.after(u64::MAX), Err(Lost { newest }));
    }
}
