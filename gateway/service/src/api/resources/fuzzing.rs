//! Every body of the API, by number, for a fuzzer.

use super::super::{lines::Lines, post::Content, problem::Refusal};
use super::{
	awards::{Award, Cancel},
	conduct::{AnswerBody, DisclosureBody, VoteBody},
	imports::ImportLine,
	payments::{CaptureBody, RefundBody, SlipBody},
	programs::{CreateProgram, TermsBody},
	recoveries::{AcceptanceBody, RecoveryBody},
	registrations::{ConsentBody, RegisterBody},
	relay::RelayBody,
	requests::RequestBody,
	sign_in::{ChallengeBody, SignInBody},
	treasury::{LineLimit, Sum},
	webhooks::{ReplayBody, WebhookBody},
};
use axum::body::Bytes;

/// Reads a body.
type Reader = fn(&Bytes) -> Result<(), Refusal>;

const READERS: &[Reader] = &[
	read::<Cancel>,
	read::<AnswerBody>,
	read::<DisclosureBody>,
	read::<VoteBody>,
	read::<CaptureBody>,
	read::<RefundBody>,
	read::<CreateProgram>,
	read::<TermsBody>,
	read::<AcceptanceBody>,
	read::<RecoveryBody>,
	read::<ConsentBody>,
	read::<RegisterBody>,
	read::<RelayBody>,
	read::<RequestBody>,
	read::<ChallengeBody>,
	read::<SignInBody>,
	read::<LineLimit>,
	read::<Sum>,
	read::<ReplayBody>,
	read::<WebhookBody>,
	|bytes| lines::<Award>("application/json", bytes),
	|bytes| lines::<Award>("application/x-ndjson", bytes),
	|bytes| lines::<Award>("text/csv", bytes),
	|bytes| lines::<SlipBody>("application/json", bytes),
	|bytes| lines::<SlipBody>("application/x-ndjson", bytes),
	|bytes| lines::<ImportLine>("application/json", bytes),
	|bytes| lines::<ImportLine>("text/csv", bytes),
];

/// How many there are.
pub const BODIES: u8 = READERS.len() as u8;

/// Reads bytes as the body of this number.
pub fn read_body(number: u8, bytes: &[u8]) {
	if let Err(refusal) = READERS[usize::from(number)](&Bytes::copy_from_slice(bytes)) {
		ensure_said(&refusal);
	}
}

fn read<T: Content>(bytes: &Bytes) -> Result<(), Refusal> {
	T::read("application/json", bytes).map(drop)
}

/// Each line of many is refused for itself.
fn lines<T>(media: &str, bytes: &Bytes) -> Result<(), Refusal>
where
	Lines<T>: Content,
{
	if let Lines::Many(lines) = Lines::<T>::read(media, bytes)? {
		assert!((1..=5_000).contains(&lines.len()));
		lines.iter().filter_map(|line| line.as_ref().err()).for_each(ensure_said);
	}
	Ok(())
}

/// A refusal says what is wrong, at a place in the body if it is about one.
fn ensure_said(refusal: &Refusal) {
	let problem = refusal.problem();
	assert!((400..500).contains(&problem.status) && !problem.detail.is_empty(), "{problem:?}");
	// More than that nobody reads; those of the last line that is read may come on top.
	assert!(problem.errors.len() <= 200, "{} faults", problem.errors.len());
	for fault in &problem.errors {
		assert!(fault.pointer.is_empty() || fault.pointer.starts_with('/'), "{fault:?}");
	}
	assert!(serde_json::to_string(problem).is_ok());
}
