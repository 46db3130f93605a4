//! `/inbox list`: all inboxes of a server, with their problems.

use serde_json::json;
use tickets::problem::Problem;
use tickets::text::Text;

use crate::stage::{Result, Stage, english, here, reported};

#[tokio::test]
async fn all_inboxes_with_their_problems_a_few_on_a_page() -> Result {
    let stage = Stage::set().await?;
    let owner = stage.sandbox.owner();
    let none = owner.run("inbox list", json!({})).await?;
    assert_eq!(none.content()?, english(Text::NoInboxes {}));
    let first = stage.inbox().await?;
    for _ in 0..3 {
        stage.inbox().await?;
    }
    let elsewhere = stage
        .inbox_with(json!({"destination": stage.tickets()}))
        .await?;
    stage.open(&stage.sandbox.member(), first).await?;
    stage.set_staff(first, &[]).await?;
    let list = owner.run("inbox list", json!({})).await?;
    let message = list.message()?;
    assert!(message.is_ephemeral());
    let titles: Vec<_> = message
        .embeds()
        .iter()
        .map(|it| it["title"].clone())
        .collect();
    assert_eq!(titles, ["support", "support 2", "support 3", "support 4"]);
    let listed = Text::InboxListed {
        channel: here(stage.support()),
        staff: vec![],
        count: 0,
        open: 1,
    };
    let shown = reported(listed, &[Problem::NobodyNotified]);
    assert_eq!(message.embeds()[0]["description"], shown);
    let address = message.embeds()[0]["url"].as_str().ok_or("no link")?;
    assert!(address.ends_with(&first.message.to_string()), "{address}");

    let again = owner.run("inbox list", json!({})).await?;
    let next = message.button("Next").ok_or("no button")?;
    let turned = owner
        .click(message.channel_id(), message.id(), next)
        .await?;
    assert_eq!(turned.message()?.id(), message.id());
    let embeds = turned.message()?.embeds();
    assert_eq!(embeds.len(), 1);
    assert_eq!(embeds[0]["title"], "support 5");
    let address = embeds[0]["url"].as_str().ok_or("no link")?;
    assert!(
        address.ends_with(&elsewhere.message.to_string()),
        "{address}"
    );
    // A removed inbox stays in the list for a while.
    owner
        .delete_message(elsewhere.channel, elsewhere.message)
        .await?;
    stage.idle().await?;
    let again = again.message()?;
    let turned = owner.click(again.channel_id(), again.id(), next).await?;
    let embeds = turned.message()?.embeds();
    let shown = embeds[0]["description"].as_str().ok_or("no text")?;
    assert!(
        embeds.len() == 1 && shown.starts_with("Not posted"),
        "{embeds:?}"
    );

    // A member who forges the button's id does not see the list.
    let click = json!({"channel_id": first.channel, "message_id": first.message,
        "custom_id": "inboxes:n0", "component_type": 2});
    let refused = stage.sandbox.member().forge(click).await?;
    assert_eq!(refused.content()?, english(Text::NoLongerAllowed {}));
    stage.finish().await
}
