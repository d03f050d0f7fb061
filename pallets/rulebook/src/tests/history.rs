use super::mock::*;
use crate::{LatestVersion, Rule, Rules, RulesVersion, Versions};
use frame_support::assert_ok;
use sp_core::H256;

#[test]
fn every_version_stays_readable_with_its_block_and_its_text() {
	run(|| {
		amend_now(Rule::Interchange, 6_000);
		let later = H256::repeat_byte(8);
		assert_ok!(Rulebook::amend(RuntimeOrigin::signed(67), Rule::RefundWindow, 37, later));
		block_at(now() + NOTICE);

		let standard = Rules::default();
		let first = Rules { interchange: 6_000, ..standard.clone() };
		let second = Rules { refund_window: 37, ..first.clone() };
		assert_eq!(LatestVersion::<Test>::get(), 2);
		for (number, version) in [
			RulesVersion { rules: standard, since: 0, charter: H256::zero() },
			RulesVersion { rules: first, since: 2, charter: text() },
			RulesVersion { rules: second.clone(), since: 3, charter: later },
		]
		.into_iter()
		.enumerate()
		{
			assert_eq!(Rulebook::charter(number as u32), Some(version.charter));
			assert_eq!(Versions::<Test>::get(number as u32), Some(version));
		}
		assert_eq!(Rulebook::charter(3), None);
		assert_eq!(Rulebook::rules(), second);
	});
}

#[test]
fn a_decision_that_is_retracted_leaves_no_version() {
	run(|| {
		assert_ok!(amend(Rule::Interchange, 6_000));
		assert_ok!(retract(1));
		block_at(START + NOTICE);
		assert_eq!(LatestVersion::<Test>::get(), 0);
	});
}
