//! Figures that are looked up when somebody asks for them: how far the chain is, and what waits.

use super::{App, problem::Refusal};
use crate::store::{Status, now};
use metrics::gauge;
use sqlx::Row;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How long the node may take for all that it is asked.
const PATIENCE: Duration = Duration::from_secs(2);

impl App {
	/// Sets every gauge to what it is now. What the node does not say keeps its last value.
	pub async fn measure(&self) -> Result<(), Refusal> {
		let heads = *self.node.heads().borrow();
		let indexed = self.heads.last_indexed().borrow().map_or(0, |block| block.number);
		gauge!("hanse_final_block").set(heads.final_head.number as f64);
		gauge!("hanse_finality_lag_blocks").set(heads.lag() as f64);
		gauge!("hanse_final_block_age_seconds").set(heads.final_since.elapsed().as_secs_f64());
		gauge!("hanse_index_lag_blocks").set(heads.final_head.number.saturating_sub(indexed) as f64);
		self.measure_operations().await?;
		let end = Instant::now() + PATIENCE;
		for lane in self.orders.lanes().await? {
			let name = lane.name.clone();
			gauge!("hanse_lane_waiting", "lane" => name.clone()).set(lane.waiting as f64);
			gauge!("hanse_lane_under_way", "lane" => name.clone()).set(lane.under_way as f64);
			gauge!("hanse_lane_paused", "lane" => name.clone())
				.set(f64::from(u8::from(lane.paused.is_some())));
			let asked =
				timeout(end.saturating_duration_since(Instant::now()), self.node.balance(lane.delegate));
			if let Ok(Ok(balance)) = asked.await {
				gauge!("hanse_lane_balance_units", "lane" => name).set(balance as f64 / 1e6);
			}
		}
		gauge!("hanse_webhooks_waiting").set(self.endpoints.backlog().await? as f64);
		Ok(())
	}

	/// How many operations stand where, and how old the oldest is that is not over.
	async fn measure_operations(&self) -> Result<(), Refusal> {
		let rows = sqlx::query(
			"SELECT status, COUNT(*) AS number, MIN(created) AS oldest FROM operations GROUP BY status",
		)
		.fetch_all(self.store.read())
		.await?;
		for status in Status::ALL {
			let mut found = (0, now());
			for row in &rows {
				if row.try_get::<String, _>("status")? == status.name() {
					found = (row.try_get("number")?, row.try_get("oldest")?);
				}
			}
			gauge!("hanse_operations", "status" => status.name()).set(found.0 as f64);
			if !status.is_over() {
				let age = (now() - found.1).max(0) as f64 / 1000.0;
				gauge!("hanse_operations_oldest_seconds", "status" => status.name()).set(age);
			}
		}
		Ok(())
	}
}
