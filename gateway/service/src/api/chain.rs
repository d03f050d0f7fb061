//! What requests need to know of the chain. It is read at the newest final block and kept for a moment, so that the node
//! is not asked the same by everybody, and so that orders are still taken while it is away.

use super::{
	App,
	last::{AGE, BLOCK},
	problem::Refusal,
};
use axum::{
	http::{HeaderValue, StatusCode},
	response::{IntoResponse, Response},
};
use hanse_chain::{
	AtBlock, EraIndex, InstitutionId, ProgramId,
	reads::{ReadError, Reads},
};
use std::{
	collections::BTreeMap,
	future::Future,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::{
	sync::Mutex,
	time::{sleep, timeout},
};

/// How long what was read counts as new.
const FRESH: Duration = Duration::from_secs(2);
/// How long the node is waited for where what was read before will do.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is known of a program without asking again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramFacts {
	pub issuer: InstitutionId,
	pub name: String,
	pub symbol: String,
	pub decimals: u8,
	pub face_value: u32,
}

/// How often it is read at least.
const KNOWN_AGAIN: Duration = Duration::from_secs(60);

/// Something that was read, and when.
struct Kept<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Kept<T> {
	fn default() -> Self {
		Self(Mutex::new(None))
	}
}

impl<T: Clone> Kept<T> {
	/// What was read of late, else what `read` says, else what was read before.
	async fn get<E: Into<Refusal>>(&self, read: impl Future<Output = Result<T, E>>) -> Result<T, Refusal> {
		let mut kept = self.0.lock().await;
		match &*kept {
			Some((at, value)) if at.elapsed() < FRESH => Ok(value.clone()),
			Some((_, before)) => {
				let read = timeout(PATIENCE, read).await;
				let value = read.ok().and_then(Result::ok).unwrap_or_else(|| before.clone());
				// A node that is silent is left alone for as long.
				*kept = Some((Instant::now(), value.clone()));
				Ok(value)
			},
			None => {
				let value = read.await.map_err(Into::into)?;
				*kept = Some((Instant::now(), value.clone()));
				Ok(value)
			},
		}
	}
}

impl<T> Kept<T> {
	/// Has it read anew, since somebody asks for something that is newer or not there.
	async fn doubt(&self) {
		if let Some((at, _)) = &mut *self.0.lock().await {
			*at = at.checked_sub(FRESH).unwrap_or(*at);
		}
	}
}

#[derive(Default)]
pub struct Known {
	era: Kept<EraIndex>,
	programs: Kept<Arc<BTreeMap<ProgramId, ProgramFacts>>>,
	block: Kept<AtBlock>,
}

/// An answer of the chain, with the block that it is of and how old that is.
pub struct AsOf<T> {
	pub block: u64,
	pub age: Duration,
	pub answer: T,
}

impl<T: IntoResponse> IntoResponse for AsOf<T> {
	fn into_response(self) -> Response {
		let mut response = self.answer.into_response();
		let headers = response.headers_mut();
		headers.insert(BLOCK, HeaderValue::from(self.block));
		headers.insert(AGE, HeaderValue::from(self.age.as_secs()));
		response
	}
}

impl App {
	/// Reads at the newest final block.
	pub async fn reads(&self) -> Result<Reads, Refusal> {
		Ok(Reads::new(self.at_final().await?))
	}

	async fn at_final(&self) -> Result<AtBlock, Refusal> {
		self.node.at_final().await.map_err(|error| {
			tracing::warn!(%error, "the node failed");
			Refusal::unavailable("The node does not answer. Repeat the request.", 5)
		})
	}

	/// A final block of late, for what only its runtime and number are needed.
	pub async fn recent_block(&self) -> Result<AtBlock, Refusal> {
		self.known.block.get(self.at_final()).await
	}

	/// The answer with the block that it is of.
	pub fn as_of<T>(&self, reads: &Reads, answer: T) -> AsOf<T> {
		let heads = self.node.heads();
		let age = heads.borrow().final_since.elapsed();
		AsOf { block: reads.block().block_number(), age, answer }
	}

	/// Reads now and then what orders need, so that it is known when the node goes away. Ends with the gateway.
	pub async fn keep_known(self) {
		while !self.stopping.is_cancelled() {
			// Whoever needs it hears what is wrong.
			let _ = tokio::join!(self.era(), self.programs(), self.recent_block());
			tokio::select! {
				() = self.stopping.cancelled() => {},
				() = sleep(KNOWN_AGAIN) => {},
			}
		}
	}

	/// The era in which an order is placed now.
	pub async fn era(&self) -> Result<EraIndex, Refusal> {
		self.known.era.get(async { Ok::<_, Refusal>(self.reads().await?.era().await?) }).await
	}

	/// All programs of the alliance.
	pub async fn programs(&self) -> Result<Arc<BTreeMap<ProgramId, ProgramFacts>>, Refusal> {
		let read = async {
			let reads = self.reads().await?;
			let mut programs = BTreeMap::new();
			let mut from = 1;
			loop {
				let page = reads.programs(from).await?;
				for info in page.programs {
					let facts = ProgramFacts {
						issuer: info.issuer,
						name: text(&info.name.0),
						symbol: text(&info.symbol.0),
						decimals: info.terms.decimals,
						face_value: info.terms.face_value,
					};
					programs.insert(info.program, facts);
				}
				match page.next {
					Some(next) => from = next,
					None => return Ok::<_, Refusal>(Arc::new(programs)),
				}
			}
		};
		self.known.programs.get(read).await
	}

	/// A program of the institution's own.
	pub async fn own_program(
		&self,
		institution: InstitutionId,
		program: ProgramId,
	) -> Result<ProgramFacts, Refusal> {
		if !self.programs().await?.contains_key(&program) {
			self.known.programs.doubt().await;
		}
		match self.programs().await?.get(&program) {
			Some(facts) if facts.issuer == institution => Ok(facts.clone()),
			Some(facts) => Err(Refusal::new(
				StatusCode::FORBIDDEN,
				"not-issuer",
				"Another institution's program",
				format!("Program {program} is institution {}'s. Only the issuer issues.", facts.issuer),
			)),
			None => Err(Refusal::not_found(format!(
				"There is no program {program}. /v1/programs lists those that exist."
			))),
		}
	}

	/// Decimals of a program's points; none for one that is not known yet.
	pub async fn decimals(&self, program: ProgramId) -> Result<u8, Refusal> {
		Ok(self.programs().await?.get(&program).map_or(0, |facts| facts.decimals))
	}
}

/// Bytes of the chain that are text.
pub fn text(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

/// That something on chain is not there is no fault of the node.
pub fn found<T>(answer: Result<Option<T>, ReadError>, what: impl FnOnce() -> String) -> Result<T, Refusal> {
	answer?.ok_or_else(|| Refusal::not_found(what()))
}
