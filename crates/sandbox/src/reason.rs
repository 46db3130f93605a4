//! The reason for a call (`X-Audit-Log-Reason`), for the audit log.

tokio::task_local! {
    static REASON: Option<String>;
}

/// Makes a call with this reason.
pub(crate) async fn giving<F: Future>(reason: Option<String>, call: F) -> F::Output {
    REASON.scope(reason, call).await
}

/// The reason for the present call, if it has one.
pub(crate) fn given() -> Option<String> {
    REASON.try_with(Clone::clone).ok().flatten()
}
