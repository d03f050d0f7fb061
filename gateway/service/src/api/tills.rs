//! A key that is for one till: it sees and does only what is that till's own.

use super::{App, access::Caller, problem::Refusal};
use crate::{model::Hash, orders::once};
use hanse_chain::AccountId;
use sqlx::Row;

/// The till of whoever asked first, if it was one.
type Till = Option<String>;

impl App {
	/// Refuses a till that begins what another one began.
	pub async fn ensure_not_anothers(&self, caller: &Caller, order: &str) -> Result<(), Refusal> {
		match (&caller.till, self.till_of_request(caller, order).await?) {
			(Some(_), Some(till)) if till != caller.till => Err(Refusal::conflict(
				"another-till",
				format!("Order {order} is another till's. A key without a till may do it."),
			)),
			_ => Ok(()),
		}
	}

	/// Refuses a till a payment that is not its own: it asked for it, or presented its slip.
	pub async fn ensure_own_payment(
		&self,
		caller: &Caller,
		order: &str,
		payer: &AccountId,
		commitment: &Hash,
	) -> Result<(), Refusal> {
		if caller.till.is_none() {
			return Ok(());
		}
		let till = match self.till_of_request(caller, order).await? {
			Some(till) => Some(till),
			None => self.till_of_operation(caller, once::slip(payer, commitment)).await?,
		};
		own(caller, till, order)
	}

	/// Refuses a till an award that is not its own.
	pub async fn ensure_own_award(
		&self,
		caller: &Caller,
		order: &str,
		program: u16,
		commitment: &Hash,
	) -> Result<(), Refusal> {
		if caller.till.is_none() {
			return Ok(());
		}
		own(caller, self.till_of_operation(caller, once::award(program, commitment)).await?, order)
	}

	async fn till_of_request(&self, caller: &Caller, order: &str) -> Result<Option<Till>, Refusal> {
		let row = sqlx::query("SELECT till FROM payment_requests WHERE institution = $1 AND reference = $2")
			.bind(i64::from(caller.institution))
			.bind(order)
			.fetch_optional(self.store.read())
			.await?;
		Ok(row.map(|row| row.try_get("till")).transpose()?)
	}

	async fn till_of_operation(&self, caller: &Caller, once: String) -> Result<Option<Till>, Refusal> {
		let row = sqlx::query(
			"SELECT k.till FROM operations o JOIN access_keys k ON k.id = o.access_key
			WHERE o.institution = $1 AND o.once = $2",
		)
		.bind(i64::from(caller.institution))
		.bind(once)
		.fetch_optional(self.store.read())
		.await?;
		Ok(row.map(|row| row.try_get("till")).transpose()?)
	}
}

fn own(caller: &Caller, found: Option<Till>, order: &str) -> Result<(), Refusal> {
	match found {
		Some(till) if till == caller.till => Ok(()),
		_ => Err(Refusal::not_found(format!(
			"Order {order} is none of till {}. A key without a till sees those of all.",
			caller.till.as_deref().unwrap_or_default()
		))),
	}
}
