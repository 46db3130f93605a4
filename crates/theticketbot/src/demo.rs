//! `theticketbot demo`: the bot on a local Discord, in one process.
//!
//! Nothing is imitated on the bot's side: it connects over HTTP and WebSocket as it would to
//! Discord, with a database of its own that is gone when the demo ends.

use std::net::{Ipv4Addr, SocketAddr};

use discord_sandbox::Sandbox;

use crate::cli::DemoArgs;
use crate::config::{self, ApiUrl};
use crate::dirs::Dirs;
use crate::run;
use crate::store::{Access, Store};
use crate::{BoxError, Registration, RunOptions};

/// Runs both until a signal stops them. `told` is called with the page's address when it is there.
pub async fn run(args: &DemoArgs, dirs: Dirs, told: impl FnOnce(&str)) -> Result<(), BoxError> {
    let home = tempfile::Builder::new()
        .prefix("theticketbot-demo-")
        .tempdir()?;
    let sandbox = Sandbox::builder()
        .listen(SocketAddr::from((
            Ipv4Addr::LOCALHOST,
            args.port.unwrap_or(0),
        )))
        .bot_name("theticketbot")
        .start()
        .await?;

    let mut settings = config::load(None, &dirs, None)?;
    settings.token = sandbox.token().into();
    settings.api_url = ApiUrl::parse(&sandbox.url())?;
    settings.db.path = home.path().join("theticketbot.db");
    let store = Store::open(&Access::plain(settings.db.path.clone()))?;

    told(&sandbox.url());
    let options = RunOptions {
        registration: Registration::IfChanged,
        first_run: None,
        dirs,
    };
    let ended = run::run(settings, store, options).await;
    sandbox.stop().await;
    Ok(ended?)
}
