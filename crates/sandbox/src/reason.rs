//! Why a call is made (`X-Audit-Log-Reason`), for the log of whatever it changes.

tokio::task_local! {
    static REASON: Option<String>;
}

/// Makes a call for this reason.
pub(crate) async fn giving<F: Future>(reason: Option<String>, call: F) -> F::Output {
    REASON.scope(reason, call).await
}

/// The reason of the call that is being made, if it has one.
pub(crate) fn given() -> Option<String> {
    REASON.try_with(Clone::clone).ok().flatten()
}
