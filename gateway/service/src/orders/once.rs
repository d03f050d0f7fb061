//! What makes two requests the same operation.

use crate::model::{Action, Hash, Order};
use sha2::{Digest, Sha256};

/// The name under which an action happens once, if what it does has one of its own. Others happen as often as they
/// are asked for, unless the caller names them.
pub fn name(action: &Action) -> Option<String> {
	let hex = |hash: &Hash| hex::encode(hash.0);
	Some(match action {
		// Whoever was unregistered may be registered again, with a consent of its own.
		Action::Register { account, until, .. } => format!("register:{account}:{until}"),
		Action::OpenRecovery { old, new, until, .. } => format!("recover:{old}:{new}:{until}"),
		Action::Award { program, order, .. } => award(*program, &order.commitment),
		Action::CancelAward { program, commitment, total } => {
			format!("cancel:{program}:{}:{total}", hex(commitment))
		},
		Action::PresentSlip { payer, order, .. } => slip(payer, &order.commitment),
		Action::Refund { payer, order, total } => {
			format!("refund:{payer}:{}:{total}", hex(&order.commitment))
		},
		Action::Void { payer, order } => format!("void:{payer}:{}", hex(&order.commitment)),
		Action::AnswerComplaints { up_to, .. } => format!("answers:{up_to}"),
		Action::Disclose { request, .. } => format!("disclose:{request}"),
		Action::Relay { bytes } => format!("relay:{}", hex::encode(Sha256::digest(bytes.as_bytes()))),
		_ => return None,
	})
}

/// What has to be over before `action` can do well, by its name.
pub fn after(action: &Action) -> Option<String> {
	match action {
		Action::CancelAward { program, commitment, .. } => Some(award(*program, commitment)),
		Action::Refund { payer, order, .. } => Some(slip(payer, &order.commitment)),
		_ => None,
	}
}

pub fn award(program: u16, commitment: &Hash) -> String {
	format!("award:{program}:{}", hex::encode(commitment.0))
}

pub fn slip(payer: &hanse_chain::AccountId, commitment: &Hash) -> String {
	format!("slip:{payer}:{}", hex::encode(commitment.0))
}

/// Whether two actions of one name ask for the same. The era of an order, and how long a signature is good, may
/// differ: they say when it was asked.
pub fn same(one: &Action, other: &Action) -> bool {
	fn timeless(action: &Action) -> Action {
		let mut action = action.clone();
		let timeless = |order: &mut Order| order.era = 0;
		match &mut action {
			Action::Award { order, .. } | Action::Refund { order, .. } | Action::Void { order, .. } => {
				timeless(order)
			},
			Action::Capture { order, .. } => timeless(order),
			Action::PresentSlip { order, until, signature, .. } => {
				timeless(order);
				*until = 0;
				signature.clear();
			},
			Action::Register { signature, .. } | Action::OpenRecovery { signature, .. } => signature.clear(),
			_ => {},
		}
		action
	}
	timeless(one) == timeless(other)
}

#[cfg(test)]
mod tests {
	use super::*;
	use hanse_chain::AccountId;

	fn award(era: u32, points: u64) -> Action {
		let order = Order { era, commitment: Hash([1; 32]) };
		Action::Award { program: 1, order, to: AccountId([2; 32]), points }
	}

	#[test]
	fn an_order_is_the_same_in_another_era_but_not_with_another_amount() {
		assert_eq!(name(&award(1, 5)), name(&award(2, 6)));
		assert!(same(&award(1, 5), &award(2, 5)));
		assert!(!same(&award(1, 5), &award(1, 6)));
	}

	#[test]
	fn a_cancellation_waits_for_its_award() {
		let cancel = Action::CancelAward { program: 1, commitment: Hash([1; 32]), total: 1 };
		assert_eq!(after(&cancel), name(&award(1, 5)));
	}
}
