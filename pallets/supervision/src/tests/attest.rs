use super::mock::*;
use crate::{Attestation, Attestations, Event, Finding, MAX_ATTESTATIONS};
use frame_support::assert_ok;

#[test]
fn a_finding_is_kept_with_who_found_it_and_when() {
	run(|| {
		Now::set(START + 5);
		assert_ok!(Supervision::attest_finding(signed(EVE), SHOP, Finding::Remark, hash(9)));
		let (by, finding, document) = (EVE, Finding::Remark, hash(9));
		last_event(Event::FindingAttested { institution: SHOP, by, finding, document });
		let kept = Attestations::<Test>::get(SHOP).into_inner();
		assert_eq!(kept, vec![Attestation { by, at: START + 5, finding, document }]);
		assert!(Attestations::<Test>::get(BANK).is_empty());
	});
}

#[test]
fn the_last_sixteen_findings_are_kept() {
	run(|| {
		for n in 0..20 {
			assert_ok!(Supervision::attest_finding(signed(EVE), SHOP, Finding::InOrder, hash(n)));
		}
		let kept = Attestations::<Test>::get(SHOP);
		assert_eq!(kept.len() as u32, MAX_ATTESTATIONS);
		assert_eq!((kept[0].document, kept[15].document), (hash(4), hash(19)));
	});
}
