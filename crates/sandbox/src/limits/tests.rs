//! Limits, moment by moment.

use super::*;

const CHANNEL: &str = "/channels/1/messages";

fn limiter() -> Limiter {
    Limiter::new(Limits::Discord)
}

fn wanted<'a>(method: &'a str, path: &'a str) -> Wanted<'a> {
    Wanted {
        method,
        path,
        token: Some("Bot x"),
        renames: None,
        edits_old: None,
    }
}

/// The remaining calls, or the scope of the refusal and the time to wait.
fn call(limiter: &Limiter, at: i64, wanted: Wanted<'_>) -> Result<u32, (Scope, i64)> {
    match limiter.call(Timestamp(at), wanted) {
        Verdict::Allowed(bucket) => Ok(bucket.remaining),
        Verdict::Refused {
            scope,
            retry_after_ms,
            ..
        } => Err((scope, retry_after_ms)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_limits_everything_goes() {
    let limiter = Limiter::new(Limits::Off);
    for _ in 0..200 {
        assert_eq!(
            limiter.call(Timestamp(0), wanted("POST", CHANNEL)),
            Verdict::Free
        );
        assert_eq!(limiter.start(Timestamp(0), UserId(1), 0), Start::Allowed);
    }
}

#[test]
fn a_bucket_runs_down_and_fills_again() {
    let limiter = limiter();
    let post = wanted("POST", CHANNEL);
    for left in (0..5).rev() {
        assert_eq!(call(&limiter, 1000, post), Ok(left));
    }
    assert_eq!(call(&limiter, 1000, post), Err((Scope::User, 5000)));
    assert_eq!(call(&limiter, 5999, post), Err((Scope::User, 1)));
    assert_eq!(
        call(&limiter, 6000, post),
        Ok(4),
        "what was refused did not count"
    );
}

#[test]
fn the_headers_tell_the_limit() {
    let limiter = limiter();
    let Verdict::Allowed(first) = limiter.call(Timestamp(0), wanted("POST", CHANNEL)) else {
        panic!("refused")
    };
    assert_eq!(
        (first.limit, first.remaining, first.reset_after_ms),
        (5, 4, 5000)
    );
    assert_eq!(first.name.len(), 32);
    let Verdict::Allowed(other) =
        limiter.call(Timestamp(7), wanted("POST", "/channels/2/messages"))
    else {
        panic!("refused")
    };
    assert_eq!(
        other.name, first.name,
        "a bucket has one name for all channels"
    );
    assert_eq!(other.remaining, 4, "but each channel one of its own");
}

#[test]
fn what_is_counted_together_and_what_apart() {
    let same =
        |a: (&str, &str), b: (&str, &str)| Route::of(a.0, a.1).key == Route::of(b.0, b.1).key;
    for (a, b, expected) in [
        (
            ("PATCH", "/channels/1/messages/2"),
            ("PATCH", "/channels/1/messages/3"),
            true,
        ),
        (
            ("PATCH", "/channels/1/messages/2"),
            ("PATCH", "/channels/4/messages/2"),
            false,
        ),
        (
            ("PATCH", "/channels/1/messages/2"),
            ("DELETE", "/channels/1/messages/2"),
            false,
        ),
        (
            ("GET", "/channels/1/messages?limit=1"),
            ("GET", "/channels/1/messages"),
            true,
        ),
        (
            ("PUT", "/channels/1/thread-members/@me"),
            ("PUT", "/channels/1/thread-members/5"),
            false,
        ),
        (
            ("GET", "/guilds/1/members/2"),
            ("GET", "/guilds/1/members/3"),
            true,
        ),
        (
            ("GET", "/guilds/1/members/2"),
            ("GET", "/guilds/9/members/2"),
            false,
        ),
        (("GET", "/users/1"), ("GET", "/users/2"), true),
        (("GET", "/users/1"), ("GET", "/users/@me"), false),
        (
            ("POST", "/webhooks/1/a"),
            ("PATCH", "/webhooks/1/a/messages/@original"),
            true,
        ),
        (("POST", "/webhooks/1/a"), ("POST", "/webhooks/1/b"), false),
        (
            ("POST", "/interactions/1/a/callback"),
            ("POST", "/interactions/2/b/callback"),
            false,
        ),
        (("GET", ""), ("GET", "/"), true),
    ] {
        assert_eq!(same(a, b), expected, "{a:?} {b:?}");
    }
}

#[test]
fn fifty_calls_a_second_in_all() {
    let limiter = limiter();
    for channel in 0..50 {
        let path = format!("/channels/{channel}/messages");
        assert_eq!(call(&limiter, channel, wanted("POST", &path)), Ok(4));
    }
    let next = wanted("GET", "/users/@me");
    assert_eq!(call(&limiter, 60, next), Err((Scope::Global, 940)));
    assert_eq!(call(&limiter, 1000, next), Ok(9));
}

#[test]
fn another_bot_has_limits_of_its_own() {
    let limiter = limiter();
    for _ in 0..5 {
        assert!(call(&limiter, 0, wanted("POST", CHANNEL)).is_ok());
    }
    let other = Wanted {
        token: Some("Bot y"),
        ..wanted("POST", CHANNEL)
    };
    assert_eq!(call(&limiter, 0, other), Ok(4));
}

#[test]
fn answers_to_interactions_are_not_among_the_fifty() {
    let limiter = limiter();
    for id in 0..500 {
        let path = format!("/interactions/{id}/token{id}/callback");
        assert!(call(&limiter, 0, wanted("POST", &path)).is_ok());
        let path = format!("/webhooks/9/token{id}/messages/@original");
        assert!(call(&limiter, 0, wanted("PATCH", &path)).is_ok());
    }
    assert_eq!(call(&limiter, 0, wanted("GET", "/users/@me")), Ok(9));
    // Calls about a webhook's own settings count among the fifty.
    for id in 0..49 {
        let path = format!("/guilds/{id}");
        assert!(call(&limiter, 0, wanted("GET", &path)).is_ok());
    }
    let settings = wanted("GET", "/webhooks/9");
    assert_eq!(call(&limiter, 0, settings), Err((Scope::Global, 1000)));
}

#[test]
fn faster_limits_have_shorter_windows_and_the_same_global_limit() {
    let limiter = Limiter::new(Limits::Faster(100));
    let post = wanted("POST", CHANNEL);
    for left in (0..5).rev() {
        assert_eq!(call(&limiter, 0, post), Ok(left));
    }
    assert_eq!(call(&limiter, 0, post), Err((Scope::User, 50)));
    assert_eq!(call(&limiter, 50, post), Ok(4));
    for channel in 2..46 {
        let path = format!("/channels/{channel}/messages");
        assert_eq!(call(&limiter, 60, wanted("POST", &path)), Ok(4));
    }
    let next = wanted("GET", "/users/@me");
    assert_eq!(call(&limiter, 60, next), Err((Scope::Global, 940)));
}

#[test]
fn a_third_rename_waits_for_minutes_though_the_bucket_is_not_empty() {
    let limiter = limiter();
    let rename = |at, id| {
        let path = format!("/channels/{id}");
        limiter.call(
            Timestamp(at),
            Wanted {
                renames: Some(ChannelId(id)),
                ..wanted("PATCH", &path)
            },
        )
    };
    assert!(matches!(rename(0, 1), Verdict::Allowed(_)));
    assert!(matches!(rename(60_000, 1), Verdict::Allowed(_)));
    let Verdict::Refused {
        scope,
        retry_after_ms,
        bucket,
        code: None,
    } = rename(120_000, 1)
    else {
        panic!("allowed")
    };
    assert_eq!((scope, retry_after_ms), (Scope::User, 480_000));
    assert_eq!(bucket.remaining, 5, "the headers do not show it");
    assert!(matches!(rename(120_000, 2), Verdict::Allowed(_)));
    assert_eq!(
        call(&limiter, 120_000, wanted("PATCH", "/channels/1")),
        Ok(4)
    );
    assert!(matches!(rename(600_000, 1), Verdict::Allowed(_)));
}

#[test]
fn a_fourth_edit_of_old_messages_within_six_seconds_waits() {
    let limiter = limiter();
    let edit = |at, path: &str, edits_old| {
        limiter.call(
            Timestamp(at),
            Wanted {
                edits_old,
                ..wanted("PATCH", path)
            },
        )
    };
    for (at, message) in [(0, 1), (1000, 2), (5000, 3)] {
        let path = format!("/channels/1/messages/{message}");
        assert!(matches!(
            edit(at, &path, Some(ChannelId(1))),
            Verdict::Allowed(_)
        ));
    }
    let path = "/channels/1/messages/4";
    let refused = edit(5500, path, Some(ChannelId(1)));
    let Verdict::Refused {
        retry_after_ms: 500,
        code: Some(30046),
        bucket,
        ..
    } = refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!(bucket.remaining, 4, "the headers do not show it");
    // Edits of a younger message, and in another channel, are allowed.
    assert!(matches!(edit(5500, path, None), Verdict::Allowed(_)));
    let other = edit(5500, "/channels/2/messages/4", Some(ChannelId(2)));
    assert!(matches!(other, Verdict::Allowed(_)));
    assert!(matches!(
        edit(6000, path, Some(ChannelId(1))),
        Verdict::Allowed(_)
    ));
}

#[test]
fn too_many_invalid_calls_ban_the_address() {
    let limiter = limiter();
    for n in 0..10_000 {
        limiter.count_invalid(Timestamp(n));
    }
    assert_eq!(
        limiter.call(Timestamp(10_000), wanted("GET", "/users/@me")),
        Verdict::Banned {
            retry_after_ms: 590_000
        }
    );
    assert_eq!(call(&limiter, 600_000, wanted("GET", "/users/@me")), Ok(9));
}

#[test]
fn sessions_begin_five_seconds_apart() {
    let limiter = limiter();
    let start = |at| limiter.start(Timestamp(at), UserId(1), 0);
    assert_eq!(start(0), Start::Allowed);
    assert_eq!(start(4999), Start::TooSoon);
    assert_eq!(limiter.start(Timestamp(4999), UserId(2), 0), Start::Allowed);
    let other_group = limiter.start(Timestamp(4999), UserId(1), 1);
    assert_eq!(other_group, Start::Allowed);
    assert_eq!(start(5000), Start::Allowed);
}

#[test]
fn a_thousand_sessions_a_day() {
    let limiter = limiter();
    let bot = UserId(1);
    let fresh = StartsLeft {
        remaining: 1000,
        reset_after_ms: 0,
    };
    assert_eq!(limiter.starts_left(Timestamp(0), bot), fresh);
    for n in 0..1000 {
        assert_eq!(limiter.start(Timestamp(n * 5000), bot, 0), Start::Allowed);
    }
    assert_eq!(limiter.start(Timestamp(5_000_000), bot, 0), Start::UsedUp);
    let used_up = StartsLeft {
        remaining: 0,
        reset_after_ms: 81_400_000,
    };
    assert_eq!(limiter.starts_left(Timestamp(5_000_000), bot), used_up);
    assert_eq!(limiter.start(Timestamp(86_400_000), bot, 0), Start::Allowed);
}

#[test]
fn switching_forgets_what_was_used() {
    let limiter = limiter();
    for _ in 0..5 {
        assert!(call(&limiter, 0, wanted("POST", CHANNEL)).is_ok());
    }
    limiter.set(Limits::Off);
    assert_eq!(limiter.limits(), Limits::Off);
    limiter.reset();
    assert_eq!(limiter.limits(), Limits::Discord);
    assert_eq!(call(&limiter, 0, wanted("POST", CHANNEL)), Ok(4));
}

#[test]
fn what_is_over_is_forgotten() {
    let limiter = limiter();
    let many = i64::try_from(TIDY_ABOVE).unwrap() + 10;
    for id in 0..many {
        let path = format!("/interactions/{id}/t/callback");
        assert!(call(&limiter, id * 20, wanted("POST", &path)).is_ok());
    }
    // Only the buckets of the last ten seconds remain, and those that came after the last tidying.
    assert!(limiter.used().routes.len() <= 10_000 / 20 + 10);
}
