//! Many members at once, and one member many times.

use std::collections::HashSet;

use discord_sandbox::State;
use serde_json::json;
use tickets::text::Text;

use crate::stage::{BUTTON, Result, Stage, english, here};

/// A realistic number of clicks within a second after an announcement.
const CROWD: u32 = 500;

/// Discord shows an interaction as failed if it is not acknowledged within three seconds, and so does the
/// sandbox. No click may fail.
#[tokio::test]
async fn five_hundred_click_within_a_second_and_all_get_a_ticket_with_its_own_number() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let owner = stage.sandbox.owner();
    owner.run("inbox new-tickets name", json!({})).await?;
    let form = stage.select(&owner, inbox.channel, inbox.message).await?;
    let field = form.modal()?.inputs()[0]["custom_id"].clone();
    let field = field.as_str().expect("it has an id");
    owner.submit(&form, [(field, "Ticket $counter")]).await?;

    // This build and this machine are slower than a real bot, so the sandbox's time is slowed down: this test
    // only checks that every member gets a ticket. The bench measures the time.
    stage.sandbox.slow_motion(10);
    let crowd = stage.sandbox.crowd("fan", CROWD)?;
    let mut clicks = Vec::new();
    for person in &crowd {
        let click = person.start_click(inbox.channel, inbox.message, BUTTON);
        clicks.push(click.await?);
    }
    let mut failed = Vec::new();
    for (person, click) in crowd.iter().zip(clicks) {
        let answer = person.answer_to(click).await?;
        // If Discord is slow, the bot tells the member so before it shows the link.
        let words = [english(Text::OpeningDelayed {}), "<#".to_owned()];
        let is_good = words
            .iter()
            .any(|it| answer.content().is_ok_and(|said| said.contains(it)));
        if answer.state != State::Answered || !is_good {
            failed.push(answer);
        }
    }
    assert!(
        failed.is_empty(),
        "{} were not served: {:#?}",
        failed.len(),
        failed.first()
    );

    let support = inbox.channel;
    let mut linked = 0;
    while linked < crowd.len() {
        linked = stage
            .sandbox
            .wait_until("one more has their link", |look| {
                let answers = look.messages(support).filter(|m| m.ephemeral_to.is_some());
                let links = answers.filter(|m| m.content.contains("<#")).count();
                (links > linked).then_some(links)
            })
            .await?;
    }
    let people: HashSet<_> = crowd.iter().map(discord_sandbox::Person::id).collect();
    stage
        .sandbox
        .wait_until("everybody is in a ticket", |look| {
            let threads = look.threads_of(support);
            let members = threads.iter().flat_map(|thread| thread.members.keys());
            let served = members.filter(|id| people.contains(id)).count();
            (served == people.len()).then_some(())
        })
        .await?;
    let names: Vec<_> = stage.sandbox.look(|look| {
        let threads = look.threads_of(support);
        threads.iter().map(|thread| thread.name.clone()).collect()
    });
    assert_eq!(names.len(), people.len(), "one ticket each");
    let numbers: HashSet<_> = names.iter().collect();
    assert_eq!(numbers.len(), names.len(), "no number comes twice");
    stage.finish().await
}

#[tokio::test]
async fn a_fast_double_click_opens_one_ticket() -> Result {
    let stage = Stage::set().await?;
    let inbox = stage.inbox().await?;
    let mia = stage.sandbox.member();
    let mut clicks = Vec::new();
    for _ in 0..20 {
        clicks.push(
            mia.start_click(inbox.channel, inbox.message, "create-ticket")
                .await?,
        );
    }
    let mut answers = Vec::new();
    for click in clicks {
        answers.push(mia.answer_to(click).await?.content()?.to_owned());
    }
    let threads = stage.sandbox.look(|look| {
        look.threads_of(inbox.channel)
            .iter()
            .map(|thread| thread.id)
            .collect::<Vec<_>>()
    });
    let [ticket] = threads[..] else {
        panic!("one ticket, not {threads:?}")
    };
    let opened = english(Text::TicketOpened {
        ticket: here(ticket),
    });
    let refused = english(Text::AlreadyOpen {
        ticket: here(ticket),
    });
    assert_eq!(answers.iter().filter(|a| **a == opened).count(), 1);
    assert_eq!(
        answers.iter().filter(|a| **a == refused).count(),
        19,
        "{answers:#?}"
    );
    stage.finish().await
}
