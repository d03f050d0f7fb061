//! Why an operation failed, for whoever asked.

use super::calls::Unwritable;
use crate::model::{Amount, Problem};
use hanse_chain::{errors::ChainError, sign::CallError};

/// The chain refused it.
pub(super) fn of_chain(error: &ChainError) -> Problem {
	Problem {
		kind: format!("urn:hanse:{}", error.name),
		title: "The chain refuses".into(),
		status: 422,
		detail: error.advice.clone(),
		retryable: error.retryable,
		errors: Vec::new(),
	}
}

/// It could not even be signed.
pub(super) fn unwritable(error: &Unwritable) -> Problem {
	let (kind, retryable) = match error {
		Unwritable::Call(CallError::OtherShape(_)) => ("other-runtime", true),
		Unwritable::Call(CallError::NotEncodable(..)) | Unwritable::NotOurs => ("not-a-call", false),
		Unwritable::NoRequest => ("no-such-request", false),
		Unwritable::Signature => ("invalid-signature", false),
	};
	gateway(kind, "It cannot be signed", &error.to_string(), retryable)
}

/// The order was served before, with something else.
pub(super) fn other_amount(name: &str, asked: Amount, found: u128) -> Problem {
	let detail = format!(
		"This order was served before with {found}, and {asked} was asked for now. If both are meant, give the second an order number of its own."
	);
	Problem {
		kind: format!("urn:hanse:{name}"),
		title: "The order has another amount".into(),
		status: 409,
		detail,
		retryable: false,
		errors: Vec::new(),
	}
}

/// What somebody else had signed can be in no block any more.
pub(super) fn too_late() -> Problem {
	let detail =
		"The signed transaction was in no block in time, and can be in none any more. Have a new one signed.";
	gateway("expired", "Too late", detail, true)
}

/// A block is too small for it.
pub(super) fn too_large(why: &str) -> Problem {
	let detail = format!("The chain says: {why}. It is too much for any block: ask for less at once.");
	gateway("too-large", "It fits no block", &detail, false)
}

/// The chain's answer has a shape that this gateway does not know.
pub(super) fn unknown() -> Problem {
	let detail = "It is in a final block, but this gateway cannot read what came of it. Look at that block, and install a gateway that knows this runtime.";
	gateway("unknown-outcome", "Nobody can tell", detail, false)
}

pub(super) fn gateway(kind: &str, title: &str, detail: &str, retryable: bool) -> Problem {
	Problem {
		kind: format!("urn:hanse:gateway:{kind}"),
		title: title.into(),
		status: 422,
		detail: detail.into(),
		retryable,
		errors: Vec::new(),
	}
}
