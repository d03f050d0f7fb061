//! What was answered last, for while the node is away: it says of which block it is, and how old that is.

use super::App;
use axum::{
	body::{Body, Bytes, HttpBody, to_bytes},
	extract::{Request, State},
	http::{HeaderName, HeaderValue, Method, StatusCode, header},
	middleware::Next,
	response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};
use tokio::time::timeout;

/// The block that an answer is of, and how old it is in seconds.
pub const BLOCK: HeaderName = HeaderName::from_static("hanse-block");
pub const AGE: HeaderName = HeaderName::from_static("hanse-age");
/// How long the node is waited for, if there is an answer from before.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many answers are kept, none of them longer than this, in bytes.
const MOST: usize = 1_000;
const LARGEST: u64 = 256 * 1024;

/// Who asked for what.
type Name = [u8; 32];

#[derive(Clone)]
struct Answer {
	media: HeaderValue,
	block: HeaderValue,
	body: Bytes,
	/// When its block was the newest final one.
	heard: Instant,
	kept: Instant,
}

impl IntoResponse for Answer {
	fn into_response(self) -> Response {
		let age = HeaderValue::from(self.heard.elapsed().as_secs());
		let headers = [(header::CONTENT_TYPE, self.media), (BLOCK, self.block), (AGE, age)];
		(headers, self.body).into_response()
	}
}

/// The last answers that were of a block.
#[derive(Clone, Default)]
pub struct Last(Arc<Mutex<HashMap<Name, Answer>>>);

impl Last {
	fn get(&self, name: &Name) -> Option<Answer> {
		self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
	}

	fn put(&self, name: Name, answer: Answer) {
		let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
		if answers.len() >= MOST && !answers.contains_key(&name) {
			let oldest = answers.iter().min_by_key(|(_, answer)| answer.kept).map(|(name, _)| *name);
			oldest.and_then(|oldest| answers.remove(&oldest));
		}
		answers.insert(name, answer);
	}

	/// Keeps an answer if it is of a block.
	async fn keep(&self, name: Name, response: Response) -> Response {
		let headers = response.headers();
		let found = (headers.get(BLOCK), headers.get(AGE), headers.get(header::CONTENT_TYPE));
		let (Some(block), Some(age), Some(media)) = found else { return response };
		let is_small = response.body().size_hint().upper().is_some_and(|length| length <= LARGEST);
		if response.status() != StatusCode::OK || !is_small {
			return response;
		}
		let age =
			age.to_str().ok().and_then(|age| age.parse().ok()).map_or(Duration::ZERO, Duration::from_secs);
		let (block, media, now) = (block.clone(), media.clone(), Instant::now());
		let (parts, body) = response.into_parts();
		let Ok(body) = to_bytes(body, usize::MAX).await else {
			return StatusCode::INTERNAL_SERVER_ERROR.into_response();
		};
		let heard = now.checked_sub(age).unwrap_or(now);
		self.put(name, Answer { media, block, body: body.clone(), heard, kept: now });
		Response::from_parts(parts, Body::from(body))
	}
}

/// The same caller with the same question: others may not see what this one sees.
fn name(request: &Request) -> Name {
	let by = request.headers().get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
	let mut hash = Sha256::new();
	hash.update(u64::try_from(by.len()).unwrap_or(u64::MAX).to_le_bytes());
	hash.update(by);
	hash.update(request.uri().to_string());
	hash.finalize().into()
}

/// Answers what was answered before while the node does not.
pub async fn or_before(State(app): State<App>, request: Request, next: Next) -> Response {
	if request.method() != Method::GET {
		return next.run(request).await;
	}
	let name = name(&request);
	let Some(before) = app.last.get(&name) else {
		return app.last.keep(name, next.run(request).await).await;
	};
	match timeout(PATIENCE, next.run(request)).await {
		Ok(response) if response.status() != StatusCode::SERVICE_UNAVAILABLE => {
			app.last.keep(name, response).await
		},
		_ => before.into_response(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn answer(block: u64, body: &str) -> Response {
		let headers = [
			(BLOCK, block.into()),
			(AGE, HeaderValue::from(7)),
			(header::CONTENT_TYPE, HeaderValue::from_static("a/b")),
		];
		(headers, body.to_owned()).into_response()
	}

	#[tokio::test]
	async fn an_answer_of_a_block_is_kept_and_says_how_old_it_is() {
		let last = Last::default();
		let response = last.keep([1; 32], answer(5, "five")).await;
		assert_eq!(to_bytes(response.into_body(), 10).await.unwrap(), "five");
		let kept = last.get(&[1; 32]).unwrap().into_response();
		assert_eq!(
			(kept.headers()[BLOCK].as_bytes(), kept.headers()[AGE].as_bytes()),
			(&b"5"[..], &b"7"[..])
		);
		assert_eq!(to_bytes(kept.into_body(), 10).await.unwrap(), "five");
		assert!(last.get(&[2; 32]).is_none());
	}

	#[tokio::test]
	async fn what_is_no_answer_of_a_block_is_not_kept() {
		let last = Last::default();
		last.keep([1; 32], "no block".into_response()).await;
		let mut refused = answer(5, "refused");
		*refused.status_mut() = StatusCode::NOT_FOUND;
		last.keep([1; 32], refused).await;
		last.keep([1; 32], answer(5, &"x".repeat(LARGEST as usize + 1))).await;
		assert!(last.get(&[1; 32]).is_none());
	}

	#[tokio::test]
	async fn there_is_an_end_to_what_is_kept() {
		let last = Last::default();
		for number in 0..=MOST {
			let mut name = [0; 32];
			name[..8].copy_from_slice(&number.to_le_bytes());
			last.keep(name, answer(1, "one")).await;
		}
		assert_eq!(last.0.lock().unwrap().len(), MOST);
		assert!(last.get(&[0; 32]).is_none(), "the oldest goes first");
	}
}
