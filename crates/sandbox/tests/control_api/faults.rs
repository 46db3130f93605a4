//! Faults on demand, and problems.

use crate::caller::{Caller, read};
use discord_sandbox::{Error, Message, Sandbox};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn calls_go_wrong_on_demand_and_are_recorded() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let fault = json!({"method": "GET", "path": "/users/*", "status": 429, "retry_after": 0.5});
    caller.ok("POST", "/control/faults", &fault).await;
    let dropped = json!({"path": "/gateway", "drop": true});
    caller.ok("POST", "/control/faults", &dropped).await;
    assert_eq!(sandbox.waiting_faults().len(), 2);

    let limited = caller.bot("GET", "/api/v10/users/@me").await.unwrap();
    assert_eq!(limited.headers()["retry-after"], "1");
    assert!(limited.headers().contains_key("via"));
    assert_eq!(limited.headers()["content-type"], "application/json");
    let (status, body) = read(limited).await;
    assert_eq!((status.as_u16(), &body["retry_after"]), (429, &json!(0.5)));
    assert!(caller.bot("GET", "/api/v10/gateway").await.is_err());
    let (status, me) = read(caller.bot("GET", "/api/v10/users/@me").await.unwrap()).await;
    assert_eq!(
        (status.as_u16(), &me["id"]),
        (200, &json!(sandbox.bot_id()))
    );

    let calls: Vec<(String, u16)> = sandbox
        .calls()
        .into_iter()
        .map(|call| (call.path, call.status))
        .collect();
    let expected = [("/users/@me", 429), ("/gateway", 0), ("/users/@me", 200)];
    assert_eq!(
        calls,
        expected.map(|(path, status)| (path.to_owned(), status))
    );

    let (_, record) = caller.get("/control/record?limit=1").await;
    assert_eq!(record["next"], record["entries"][0]["seq"]);
    let (_, nothing) = caller
        .get(&format!("/control/record?after={}", sandbox.mark()))
        .await;
    assert_eq!(nothing, json!({"entries": [], "next": sandbox.mark()}));
    Ok(())
}

#[tokio::test]
async fn a_fault_can_strike_after_the_call_took_effect() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let general = sandbox.channel("general")?;
    let send = async |content: &str| {
        caller
            .request(
                Method::POST,
                &format!("/api/v10/channels/{general}/messages"),
            )
            .header("authorization", format!("Bot {}", sandbox.token()))
            .json(&json!({"content": content}))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let fault = discord_sandbox::Fault::status(502).on("POST", "/channels/*/messages");
    sandbox.fail_next(fault.clone())?;
    assert_eq!(send("before").await, 502);
    sandbox.fail_next(fault.after_it_took_effect())?;
    assert_eq!(send("after").await, 502);
    assert_eq!(send("without").await, 200);
    let messages = sandbox.member().messages(general).await?;
    let contents: Vec<&str> = messages.iter().map(Message::content).collect();
    assert_eq!(contents, ["without", "after"]);
    Ok(())
}

#[tokio::test]
async fn unknown_routes_are_problems() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let caller = Caller::new(&sandbox);
    let (status, body) = read(caller.bot("GET", "/api/v10/no/such/route").await.unwrap()).await;
    assert_eq!(
        (status.as_u16(), body),
        (404, json!({"message": "404: Not Found", "code": 0}))
    );
    let (status, _) = read(caller.bot("DELETE", "/api/v10/gateway").await.unwrap()).await;
    assert_eq!(status.as_u16(), 405);
    let (_, problems) = caller.get("/control/problems").await;
    assert_eq!(problems[0]["path"], "/no/such/route");
    assert_eq!(problems[1]["method"], "DELETE");
    let error = sandbox.finish().await.unwrap_err().to_string();
    assert!(error.contains("GET /no/such/route"), "{error}");
    Ok(())
}
