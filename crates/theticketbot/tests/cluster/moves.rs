//! Processes come and go, and the number of shards changes: shards move with their sessions.

use discord_sandbox::record::{Entry, What};
use discord_sandbox::{Fault, HeldShard, Look};
use harness::Result;
use serde_json::json;

use crate::stage;

/// Shards move by resuming: no new session is started after the first ones.
#[tokio::test]
async fn shards_move_when_processes_join_and_leave() -> Result {
    let Some(mut stage) = stage(8, 8).await? else {
        return Ok(());
    };
    for name in ["a", "b", "c"] {
        stage.start(name).await?;
    }
    stage.shared(3).await?;
    stage.make_inboxes().await?;
    stage.tickets_work().await?;
    let status = stage.command("a", &["cluster", "status"]).await?;
    for part in ["Processes: 3", "Shards: 8, held: 8", "Discord answered"] {
        assert!(status.contains(part), "{status}");
    }

    let before = stage.begun();
    stage.start("d").await?;
    stage.shared(4).await?;
    stage.tickets_work().await?;
    for name in ["b", "c"] {
        stage.process(name).stop().await?;
    }
    stage.shared(2).await?;
    stage.tickets_work().await?;
    assert_eq!(stage.begun(), before, "every session was resumed");
    stage.finish(0).await
}

/// A rolling upgrade: a process stops and its successor starts, while members click.
#[tokio::test]
async fn no_click_is_lost_when_a_process_is_replaced() -> Result {
    let Some(mut stage) = stage(4, 4).await? else {
        return Ok(());
    };
    stage.in_slow_motion();
    stage.start("a").await?;
    stage.start("b").await?;
    stage.shared(2).await?;
    stage.make_inboxes().await?;
    let owner = stage.sandbox.owner();
    for name in ["a", "b"] {
        let clicks = stage.click_everywhere().await?;
        stage.process(name).stop().await?;
        for (inbox, click) in &clicks {
            let answer = owner.answer_to(*click).await?;
            let content = answer
                .content()
                .map_err(|error| format!("{error}: {inbox:?}"))?;
            harness::linked_channel(content)?;
        }
        stage.clicks_are_sound(&clicks).await?;
        stage.start(name).await?;
        stage.shared(2).await?;
    }
    stage.tickets_work().await?;
    stage.finish(0).await
}

/// A process that stops leaves unfinished work, which moves with the shard and its session. The next process
/// finishes it.
#[tokio::test]
async fn what_is_unfinished_moves_with_its_shard() -> Result {
    let Some(mut stage) = stage(1, 1).await? else {
        return Ok(());
    };
    stage.start("a").await?;
    stage.shared(1).await?;
    stage.make_inboxes().await?;
    stage.inboxes.truncate(1);
    let clicks = stage.click_everywhere().await?;
    let answer = stage.sandbox.owner().answer_to(clicks[0].1).await?;
    let ticket = harness::linked_channel(answer.content()?)?;
    let broken = Fault::status(500).on("PATCH", "/channels/*").times(1_000);
    stage.sandbox.fail_next(broken)?;
    let mark = stage.sandbox.mark();
    stage.archive(ticket).await?;
    let failed = |entry: &Entry| match &entry.what {
        What::Call(call) if call.is("PATCH", "/channels/*") && call.status == 500 => Some(()),
        _ => None,
    };
    stage
        .sandbox
        .wait_for_entry("locking fails", mark, failed)
        .await?;
    stage.start("b").await?;
    stage.process("a").stop().await?;
    stage.process("a").log().take_errors();
    stage.sandbox.clear_faults();
    let held = stage.shared(1).await.map(|_| stage.sandbox.held_shards())?;
    assert!(held.last().is_some_and(|it| it.resumed), "{held:?}");
    let is_locked = |look: &Look<'_>| look.thread(ticket).filter(|it| it.locked).map(drop);
    stage
        .sandbox
        .wait_until("the ticket is locked", is_locked)
        .await?;
    stage.finish(0).await
}

#[tokio::test]
async fn the_number_of_shards_changes_while_the_bot_runs() -> Result {
    let Some(mut stage) = stage(4, 8).await? else {
        return Ok(());
    };
    stage.start("a").await?;
    stage.start("b").await?;
    stage.shared(2).await?;
    stage.make_inboxes().await?;
    let said = stage.command("a", &["cluster", "reshard", "8"]).await?;
    assert!(said.contains("as 8 shards"), "{said}");
    stage.all_connected(8).await?;
    stage.tickets_work().await?;
    let refused = stage.command("a", &["cluster", "reshard", "0"]).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("from 1 to 10000"), "{refused}");

    // Discord recommends four.
    stage.command("a", &["cluster", "reshard", "2"]).await?;
    stage.all_connected(2).await?;
    for name in ["a", "b"] {
        stage.process(name).stop().await?;
    }
    let is_free = |held: &[HeldShard]| held.iter().all(|it| it.until.is_some());
    stage.until("nobody is connected", is_free).await?;
    stage.start("b").await?;
    stage.all_connected(2).await?;
    let warned = stage.process("b").log().tail().join("\n");
    assert!(warned.contains("cluster reshard 4"), "{warned}");
    stage.finish(0).await
}

/// Discord starts one session every five seconds, in whichever process.
#[tokio::test]
async fn sessions_begin_one_after_the_other_in_all_processes() -> Result {
    let Some(mut stage) = stage(4, 1).await? else {
        return Ok(());
    };
    let mark = stage.sandbox.mark();
    stage.start("a").await?;
    stage.start("b").await?;
    stage.shared(2).await?;
    assert_eq!(stage.refused_starts(mark), 0);
    stage.finish(0).await
}

/// Discord limits the sessions of a day. When few are left, a process asks it again before the next one.
#[tokio::test]
async fn sessions_wait_for_the_limit_of_a_day() -> Result {
    let Some(mut stage) = stage(2, 2).await? else {
        return Ok(());
    };
    let used_up = json!({
        "url": stage.sandbox.gateway_url(),
        "shards": 2,
        "session_start_limit":
            {"total": 1000, "remaining": 1, "reset_after": 1, "max_concurrency": 2},
    });
    let used_up = Fault::answer(&used_up.to_string()).on("GET", "/gateway/bot");
    stage.sandbox.fail_next(used_up.times(1_000))?;
    let mut mark = stage.sandbox.mark();
    stage.start("a").await?;
    for what in ["it asks when it starts", "it asks again"] {
        let asked = |entry: &Entry| match &entry.what {
            What::Call(call) if call.is("GET", "/gateway/bot") => Some(entry.seq),
            _ => None,
        };
        mark = stage.sandbox.wait_for_entry(what, mark, asked).await?;
    }
    assert_eq!(stage.begun(), 0);
    stage.sandbox.clear_faults();
    stage.shared(1).await?;
    stage.finish(0).await
}

/// All shards of a process have one config.
#[tokio::test]
async fn a_reloaded_config_is_for_all_shards() -> Result {
    let Some(mut stage) = stage(2, 2).await? else {
        return Ok(());
    };
    stage.start("a").await?;
    stage.shared(1).await?;
    stage.make_inboxes().await?;
    let home = &stage.processes["a"].home;
    let config = std::fs::read_to_string(home.config_file())?;
    home.write_config(&format!("{config}[bot.inbox]\nmax_attachment_size = 1\n"))?;
    let (owner, bot) = (stage.sandbox.owner(), stage.sandbox.bot_id());
    let in_shard = |shard| {
        let mut inboxes = stage.inboxes.iter();
        let found = inboxes.find(|inbox| (inbox.guild.0 >> 22) % 2 == shard);
        found.map(|inbox| inbox.channel).ok_or("a channel")
    };
    let (one, other) = (in_shard(0)?, in_shard(1)?);
    owner.send(one, &format!("<@{bot}> reload-config")).await?;
    let replied = |look: &Look<'_>| {
        let newest = look.newest_message(one)?;
        (newest.user() == Some(bot)).then_some(())
    };
    stage.sandbox.wait_until("the reply", replied).await?;
    for channel in [one, other] {
        let files = [("note.txt", "text/plain", &b"two"[..])];
        let source = owner.upload(channel, "Need help?", &files).await?.id();
        let options = json!({"channel": channel});
        owner.run_in(channel, "inbox create", options).await?;
        let selected = owner
            .use_menu("Select this message", channel, source)
            .await?;
        let content = selected.content()?;
        assert!(content.contains("too large"), "{channel}: {content}");
    }
    stage.finish(0).await
}

/// Processes with fixed shards do not coordinate, so each needs its own schema.
#[tokio::test]
async fn fixed_shards_need_a_schema_for_each_process() -> Result {
    let Some(mut stage) = stage(4, 4).await? else {
        return Ok(());
    };
    stage.in_slow_motion();
    stage.gateway = "shards = \"0-1\"\ntotal = 4";
    stage.start("a").await?;
    let has_both = |held: &[HeldShard]| held.len() == 2 && held.iter().all(|it| it.shard < 2);
    stage.until("its shards are connected", has_both).await?;
    let home = &stage.processes["a"].home;
    let config = std::fs::read_to_string(home.config_file())?;
    home.write_config(&config.replace("0-1", "2-3"))?;
    let refused = stage.command("a", &[]).await.unwrap_err().to_string();
    assert!(
        refused.contains("in use by another theticketbot"),
        "{refused}"
    );
    (stage.schema, stage.gateway) = ("other", "shards = \"2-3\"\ntotal = 4");
    stage.start("b").await?;
    stage.all_connected(4).await?;
    stage.make_inboxes().await?;
    stage.tickets_work().await?;
    stage.finish(0).await
}

/// A process outside the cluster needs a schema for itself, and a cluster refuses such a process.
#[tokio::test]
async fn a_process_that_does_not_share_is_refused() -> Result {
    let Some(mut stage) = stage(1, 1).await? else {
        return Ok(());
    };
    stage.start("a").await?;
    stage.shared(1).await?;
    let home = &stage.processes["a"].home;
    let config = std::fs::read_to_string(home.config_file())?;
    home.write_config(&config.replace("cluster = true", "cluster = false"))?;
    let refused = stage.command("a", &[]).await.unwrap_err().to_string();
    assert!(
        refused.contains("in use by another theticketbot"),
        "{refused}"
    );
    stage.finish(0).await
}
