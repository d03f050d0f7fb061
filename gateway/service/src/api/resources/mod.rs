//! The routes, one file a resource.

mod alliance;
mod awards;
mod conduct;
mod customers;
mod cycles;
mod events;
mod export;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod health;
mod history;
mod imports;
mod network;
pub mod operations;
mod payments;
mod programs;
mod recoveries;
mod registrations;
mod relay;
pub mod requests;
mod results;
mod sign_in;
mod statements;
mod treasury;
mod webhooks;

use super::{App, metrics};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<App> {
	OpenApiRouter::default()
		.routes(routes!(registrations::consent))
		.routes(routes!(customers::list, registrations::register))
		.routes(routes!(imports::import))
		.routes(routes!(customers::get, customers::unregister))
		.routes(routes!(customers::holdings))
		.routes(routes!(customers::records))
		.routes(routes!(recoveries::acceptance))
		.routes(routes!(recoveries::recover, recoveries::withdraw))
		.routes(routes!(recoveries::complete))
		.routes(routes!(programs::list, programs::create))
		.routes(routes!(programs::revise))
		.routes(routes!(awards::award))
		.routes(routes!(awards::cancel))
		.routes(routes!(requests::list, requests::create))
		.routes(routes!(requests::get))
		.routes(routes!(payments::slip))
		.routes(routes!(relay::relay))
		.routes(routes!(payments::refund))
		.routes(routes!(payments::capture))
		.routes(routes!(payments::void))
		.routes(routes!(statements::statement))
		.routes(routes!(statements::positions))
		.routes(routes!(cycles::cycles))
		.routes(routes!(cycles::fees))
		.routes(routes!(statements::liability))
		.routes(routes!(treasury::grant))
		.routes(routes!(treasury::accept))
		.routes(routes!(treasury::top_up))
		.routes(routes!(treasury::draw_down))
		.routes(routes!(treasury::defund))
		.routes(routes!(conduct::complaints))
		.routes(routes!(conduct::answer))
		.routes(routes!(conduct::disclosures))
		.routes(routes!(conduct::disclose))
		.routes(routes!(conduct::motions))
		.routes(routes!(conduct::vote))
		.routes(routes!(alliance::institutions))
		.routes(routes!(alliance::rules))
		.routes(routes!(alliance::standing))
		.routes(routes!(alliance::authorities))
		.routes(routes!(history::public))
		.routes(routes!(network::network))
		.routes(routes!(operations::get))
		.routes(routes!(operations::list))
		.routes(routes!(webhooks::list, webhooks::create))
		.routes(routes!(webhooks::get, webhooks::delete))
		.routes(routes!(webhooks::deliveries))
		.routes(routes!(webhooks::replay))
		.routes(routes!(webhooks::rotate))
		.routes(routes!(events::stream))
		.routes(routes!(export::export))
		.routes(routes!(sign_in::challenge))
		.routes(routes!(sign_in::who, sign_in::sign_in, sign_in::sign_out))
		.routes(routes!(health::live))
		.routes(routes!(health::ready))
		.routes(routes!(metrics::metrics))
}
