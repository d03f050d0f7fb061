//! Who gets webhooks, and what became of each message.

use super::{
	address::{self, AddressError},
	signature,
};
use crate::store::{Moment, Store, StoreError, now};
use hanse_chain::InstitutionId;
use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};

/// How many endpoints an institution may have: every block is queued for each.
const MOST: i64 = 50;
/// How long the secret before signs too, when a new one was made: a day.
const ROTATION: Moment = 24 * 60 * 60 * 1000;

#[derive(Debug, thiserror::Error)]
pub enum HookError {
	#[error(transparent)]
	Store(#[from] StoreError),
	#[error(transparent)]
	Address(#[from] AddressError),
	#[error(
		"{0} is no type of webhook: name one of those in /docs, all of a kind as `award.*`, or none for all"
	)]
	UnknownType(String),
	#[error("there are {MOST} webhook endpoints, and no institution may have more: delete one")]
	TooMany,
	#[error("there is no such webhook endpoint")]
	NotFound,
	#[error("this machine has no random numbers: {0}")]
	Random(#[from] getrandom::Error),
}

impl From<sqlx::Error> for HookError {
	fn from(error: sqlx::Error) -> Self {
		Self::Store(error.into())
	}
}

/// An endpoint, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Endpoint {
	pub id: String,
	pub url: String,
	/// Types that it gets, as in `payment.paid` or `award.*`; an empty list is all of them.
	pub types: Vec<String>,
	/// The number of the last message that was queued for it.
	pub sequence: i64,
	/// Messages that wait, and that were given up.
	pub waiting: i64,
	pub dead: i64,
	/// Why nothing is sent there any more.
	pub disabled: Option<String>,
	/// Milliseconds since 1970.
	pub created: Moment,
}

/// One message to one endpoint.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Delivery {
	/// As in the header `webhook-id`.
	pub id: String,
	pub sequence: i64,
	#[serde(rename = "type")]
	pub kind: String,
	pub status: DeliveryStatus,
	pub attempts: i64,
	/// When it is sent next, if it waits.
	pub next: Option<Moment>,
	/// The status that the endpoint answered last.
	pub answer: Option<i64>,
	pub error: Option<String>,
	pub created: Moment,
	pub updated: Moment,
	/// The message as it is sent.
	#[schema(value_type = Object)]
	pub body: serde_json::Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
	Waiting,
	Delivered,
	/// Given up; it can be replayed.
	Dead,
}

impl DeliveryStatus {
	pub fn name(self) -> &'static str {
		match self {
			Self::Waiting => "waiting",
			Self::Delivered => "delivered",
			Self::Dead => "dead",
		}
	}
}

/// The value of `webhook-id`: the same whenever this message is sent.
pub fn message_id(endpoint: &str, sequence: i64) -> String {
	format!("msg_{}_{sequence}", endpoint.trim_start_matches("we_"))
}

/// Whether an endpoint that asked for `types` wants this one.
pub fn wants(types: &[String], kind: &str) -> bool {
	types.is_empty()
		|| types.iter().any(|wanted| match wanted.strip_suffix('*') {
			Some(family) => kind.starts_with(family),
			None => wanted == kind,
		})
}

/// Endpoints with what waits for them.
macro_rules! select {
	($which:literal) => {
		concat!(
			"SELECT e.id, e.url, e.types, e.sequence, e.disabled, e.created, ",
			"(SELECT COUNT(*) FROM deliveries d WHERE d.endpoint = e.id AND d.status = 'waiting') AS waiting, ",
			"(SELECT COUNT(*) FROM deliveries d WHERE d.endpoint = e.id AND d.status = 'dead') AS dead ",
			"FROM endpoints e ",
			$which
		)
	};
}

/// Endpoints of all institutions of this process.
#[derive(Clone)]
pub struct Endpoints {
	store: Store,
	private_addresses: bool,
}

impl Endpoints {
	pub fn new(store: Store, private_addresses: bool) -> Self {
		Self { store, private_addresses }
	}

	/// Makes one, and its secret, which is told here only.
	pub async fn create(
		&self,
		institution: InstitutionId,
		url: &str,
		types: Vec<String>,
	) -> Result<(Endpoint, String), HookError> {
		let url = address::check(url, self.private_addresses)?;
		if let Some(unknown) = types.iter().find(|kind| !super::kinds::is_known(kind)) {
			return Err(HookError::UnknownType(unknown.clone()));
		}
		let id = format!("we_{}", uuid::Uuid::now_v7().simple());
		let secret = signature::new_secret()?;
		let mut tx = self.store.write().await?;
		let before: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM endpoints WHERE institution = $1")
			.bind(i64::from(institution))
			.fetch_one(&mut *tx)
			.await?;
		if before >= MOST {
			return Err(HookError::TooMany);
		}
		sqlx::query(
			"INSERT INTO endpoints (id, institution, url, types, secret, sequence, created) \
			 VALUES ($1, $2, $3, $4, $5, 0, $6)",
		)
		.bind(&id)
		.bind(i64::from(institution))
		.bind(url.to_string())
		.bind(serde_json::to_string(&types).map_err(StoreError::from)?)
		.bind(&secret)
		.bind(now())
		.execute(&mut *tx)
		.await?;
		tx.commit().await?;
		Ok((self.get(institution, &id).await?, secret))
	}

	pub async fn list(&self, institution: InstitutionId) -> Result<Vec<Endpoint>, HookError> {
		let rows = sqlx::query(select!("WHERE e.institution = $1 ORDER BY e.created, e.id"))
			.bind(i64::from(institution))
			.fetch_all(self.store.read())
			.await?;
		rows.iter().map(Endpoint::read).collect()
	}

	pub async fn get(&self, institution: InstitutionId, id: &str) -> Result<Endpoint, HookError> {
		let row = sqlx::query(select!("WHERE e.institution = $1 AND e.id = $2"))
			.bind(i64::from(institution))
			.bind(id)
			.fetch_optional(self.store.read())
			.await?
			.ok_or(HookError::NotFound)?;
		Endpoint::read(&row)
	}

	/// Deletes it and what waits for it.
	pub async fn delete(&self, institution: InstitutionId, id: &str) -> Result<(), HookError> {
		let mut tx = self.store.write().await?;
		let gone = sqlx::query("DELETE FROM endpoints WHERE institution = $1 AND id = $2")
			.bind(i64::from(institution))
			.bind(id)
			.execute(&mut *tx)
			.await?;
		if gone.rows_affected() == 0 {
			return Err(HookError::NotFound);
		}
		sqlx::query("DELETE FROM deliveries WHERE endpoint = $1").bind(id).execute(&mut *tx).await?;
		Ok(tx.commit().await?)
	}

	/// Makes another secret, and tells it. The one before signs too for a day.
	pub async fn rotate(&self, institution: InstitutionId, id: &str) -> Result<String, HookError> {
		let secret = signature::new_secret()?;
		let mut tx = self.store.write().await?;
		let done = sqlx::query(
			"UPDATE endpoints SET old_secret = secret, old_until = $1, secret = $2 \
			 WHERE institution = $3 AND id = $4",
		)
		.bind(now() + ROTATION)
		.bind(&secret)
		.bind(i64::from(institution))
		.bind(id)
		.execute(&mut *tx)
		.await?;
		if done.rows_affected() == 0 {
			return Err(HookError::NotFound);
		}
		tx.commit().await?;
		Ok(secret)
	}

	/// Messages after a sequence number, oldest first.
	pub async fn deliveries(
		&self,
		institution: InstitutionId,
		id: &str,
		status: Option<DeliveryStatus>,
		after: i64,
		limit: i64,
	) -> Result<Vec<Delivery>, HookError> {
		self.get(institution, id).await?;
		let rows = sqlx::query(
			"SELECT endpoint, sequence, type, body, status, attempts, next, answer, error, created, updated \
			 FROM deliveries WHERE endpoint = $1 AND sequence > $2 AND ($3 = '' OR status = $3) \
			 ORDER BY sequence LIMIT $4",
		)
		.bind(id)
		.bind(after)
		.bind(status.map_or("", DeliveryStatus::name))
		.bind(limit)
		.fetch_all(self.store.read())
		.await?;
		rows.iter().map(Delivery::read).collect()
	}

	/// Sends messages again from a sequence number on, in their order, or only those that were given up. An endpoint that
	/// was switched off is switched on. Answers how many.
	pub async fn replay(
		&self,
		institution: InstitutionId,
		id: &str,
		from: i64,
		only_dead: bool,
	) -> Result<u64, HookError> {
		let mut tx = self.store.write().await?;
		let on = sqlx::query("UPDATE endpoints SET disabled = NULL WHERE institution = $1 AND id = $2")
			.bind(i64::from(institution))
			.bind(id)
			.execute(&mut *tx)
			.await?;
		if on.rows_affected() == 0 {
			return Err(HookError::NotFound);
		}
		let done = sqlx::query(
			"UPDATE deliveries SET status = 'waiting', attempts = 0, next = $1, updated = $1 \
			 WHERE endpoint = $2 AND sequence >= $3 AND (status = 'dead' OR $4 = 0 AND status = 'delivered')",
		)
		.bind(now())
		.bind(id)
		.bind(from)
		.bind(i64::from(only_dead))
		.execute(&mut *tx)
		.await?;
		tx.commit().await?;
		Ok(done.rows_affected())
	}

	/// Messages that wait, of all endpoints: for metrics.
	pub async fn backlog(&self) -> Result<i64, HookError> {
		let row = sqlx::query("SELECT COUNT(*) AS n FROM deliveries WHERE status = 'waiting'")
			.fetch_one(self.store.read())
			.await?;
		Ok(row.try_get("n")?)
	}
}

impl Endpoint {
	fn read(row: &AnyRow) -> Result<Self, HookError> {
		Ok(Self {
			id: row.try_get("id")?,
			url: row.try_get("url")?,
			types: serde_json::from_str(&row.try_get::<String, _>("types")?).map_err(StoreError::from)?,
			sequence: row.try_get("sequence")?,
			waiting: row.try_get("waiting")?,
			dead: row.try_get("dead")?,
			disabled: row.try_get("disabled")?,
			created: row.try_get("created")?,
		})
	}
}

impl Delivery {
	fn read(row: &AnyRow) -> Result<Self, HookError> {
		let status: String = row.try_get("status")?;
		let status = [DeliveryStatus::Waiting, DeliveryStatus::Delivered, DeliveryStatus::Dead]
			.into_iter()
			.find(|known| known.name() == status)
			.ok_or_else(|| StoreError::Inconsistent(format!("a delivery with the status {status}")))?;
		let sequence = row.try_get("sequence")?;
		let next = row.try_get("next")?;
		Ok(Self {
			id: message_id(&row.try_get::<String, _>("endpoint")?, sequence),
			sequence,
			kind: row.try_get("type")?,
			status,
			attempts: row.try_get("attempts")?,
			next: (status == DeliveryStatus::Waiting).then_some(next),
			answer: row.try_get("answer")?,
			error: row.try_get("error")?,
			created: row.try_get("created")?,
			updated: row.try_get("updated")?,
			body: serde_json::from_str(&row.try_get::<String, _>("body")?).map_err(StoreError::from)?,
		})
	}
}
