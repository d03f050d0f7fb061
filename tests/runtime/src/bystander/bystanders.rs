//! What bystanders do, and what they are answered.

use super::*;

/// What the bystanders do: two customers by number, and the members that serve them.
#[derive(Clone, Debug)]
pub(super) enum Act {
	Register(usize),
	Unregister(usize),
	Forget(usize),
	Award(usize, Balance),
	Pay(usize, InstitutionId, Balance),
	Authorize(usize, InstitutionId, Balance),
	/// So much of an authorisation, and whether nothing more will be taken.
	Capture(usize, Balance, bool),
	Void(usize),
	Refund(usize, Balance),
	Exchange(usize, Balance),
	Give(usize, Balance),
	Complain(usize),
	Vote(u64),
	TopUp(InstitutionId, Balance),
	DrawDown(InstitutionId, Balance),
	Line(Balance),
	Pass(u64),
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let (who, shop) = (|| 0..2usize, || 1..=2u32);
	// Few histories have several authorisations.
	let last = || prop_oneof![3 => Just(0usize), 1 => 1..4usize];
	let cents = || prop_oneof![4 => 1..3_000u128, 1 => 1..100_000u128].prop_map(|cents| cents * CENT);
	prop_oneof![
		5 => who().prop_map(Act::Register),
		2 => who().prop_map(Act::Unregister),
		1 => who().prop_map(Act::Forget),
		2 => (who(), 1..20_000u128).prop_map(|(who, amount)| Act::Award(who, amount)),
		8 => (who(), shop(), cents()).prop_map(|(who, shop, price)| Act::Pay(who, shop, price)),
		2 => (who(), shop(), cents()).prop_map(|(who, shop, price)| Act::Authorize(who, shop, price)),
		6 => (last(), cents(), any::<bool>()).prop_map(|(nth, value, last)| Act::Capture(nth, value, last)),
		1 => (0..4usize).prop_map(Act::Void),
		3 => (0..4usize, cents()).prop_map(|(nth, value)| Act::Refund(nth, value)),
		2 => (who(), 1..2_000u128).prop_map(|(who, amount)| Act::Exchange(who, amount)),
		2 => (who(), 1..2_000u128).prop_map(|(who, amount)| Act::Give(who, amount)),
		1 => (0..4usize).prop_map(Act::Complain),
		1 => (0..4u64).prop_map(Act::Vote),
		1 => (shop(), cents()).prop_map(|(shop, amount)| Act::TopUp(shop, amount)),
		1 => (shop(), cents()).prop_map(|(shop, amount)| Act::DrawDown(shop, amount)),
		1 => cents().prop_map(Act::Line),
		2 => prop_oneof![3 => 1_000..DAY, 1 => DAY..10 * DAY].prop_map(Act::Pass),
	]
}

impl World<'_> {
	pub(super) fn person(&self, who: usize) -> AccountId {
		self.people[who].account()
	}

	pub(super) fn puppet(&self, n: u32) -> AccountId {
		self.puppets[n as usize].account()
	}

	/// The bystanders' next act, and the answer.
	pub(super) fn act(&mut self, act: &Act) -> String {
		let outcome = match *act {
			Act::Register(who) => {
				let institution = who as InstitutionId + 1;
				command(institution, self.people[who].consents(institution, who as u64 + 1))
			},
			Act::Unregister(who) => {
				let account = self.person(who);
				transact(&self.people[who], Customer::unregister { account })
			},
			Act::Forget(who) => transact(&self.people[who], Customer::forget {}),
			Act::Award(who, amount) => {
				let order = self.till.order();
				command(1, Point::issue { program: SKY, to: self.person(who), amount, order })
			},
			Act::Pay(who, merchant, price) => {
				let (order, legs) =
					(self.till.order(), legs_of(&[(SKY, Balance::MAX), (READ, Balance::MAX)]));
				let outcome = transact(&self.people[who], Exchange::pay { merchant, order, price, legs });
				if outcome == Ok(Ok(())) {
					self.till.paid.push((merchant, who, order, price));
				}
				outcome
			},
			Act::Authorize(who, merchant, price) => {
				let (order, legs) = (self.till.order(), legs_of(&[(SKY, Balance::MAX)]));
				let call = Exchange::authorize { merchant, order, price, legs };
				let outcome = transact(&self.people[who], call);
				if outcome == Ok(Ok(())) {
					self.till.authorised.push((merchant, who, order, price));
				}
				outcome
			},
			Act::Capture(nth, value, last) => {
				let Some((merchant, who, order, price)) = nth_last(&self.till.authorised, nth) else {
					return String::new();
				};
				command(merchant, capture(&self.person(who), order, value.min(price), last))
			},
			Act::Void(nth) => {
				let Some((merchant, who, order, _)) = nth_last(&self.till.authorised, nth) else {
					return String::new();
				};
				command(merchant, Exchange::void { merchant, payer: self.person(who), order })
			},
			Act::Refund(nth, value) => {
				let Some((merchant, who, order, price)) = nth_last(&self.till.paid, nth) else {
					return String::new();
				};
				command(merchant, refund(&self.person(who), order, value.min(price)))
			},
			Act::Exchange(who, amount) => transact(&self.people[who], exchange(SKY, amount, READ)),
			// All strangers together share a part of a budget.
			Act::Give(who, _) if Customers::customer(self.person(who)).is_none() => return String::new(),
			Act::Give(who, amount) => {
				let to = MultiAddress::Id(self.person(1 - who));
				let id = Compact(asset_id(SKY, 0));
				transact(&self.people[who], pallet_assets::Call::transfer { id, target: to, amount })
			},
			Act::Complain(nth) => {
				let Some((merchant, who, order, _)) = nth_last(&self.till.paid, nth) else {
					return String::new();
				};
				let payer = self.person(who);
				let evidence = H256::repeat_byte(1);
				transact(
					&self.people[who],
					pallet_conduct::Call::file_complaint { merchant, payer, order, evidence },
				)
			},
			Act::Vote(n) => {
				let call = motion(100 + n);
				Ok(with_storage_layer(|| decide(&call, &HONEST)))
			},
			Act::TopUp(who, amount) => command(who, Clear::top_up { amount }),
			Act::DrawDown(who, amount) => command(who, Clear::draw_down { amount }),
			Act::Line(limit) => {
				let granted = command(2, Clear::grant_credit_line { debtor: 1, limit });
				granted.and(command(1, Clear::accept_credit_line { creditor: 2, limit }))
			},
			Act::Pass(time) => {
				close_and_open(&self.rich[5], time);
				Ok(Ok(()))
			},
		};
		if outcome == Ok(Ok(())) {
			self.count("", act);
		}
		format!("{act:?} {outcome:?} {:?}", [0, 1].map(|who| self.reads(who)))
	}

	pub(super) fn count(&mut self, side: &str, act: &impl std::fmt::Debug) {
		let name = format!("{side}{act:?}");
		let end = name.find('(').unwrap_or(name.len());
		*self.done.entry(name[..end].into()).or_default() += 1;
	}

	/// What a bystander is told about itself: what it may do, and what it has of honest points.
	fn reads(&self, who: usize) -> (Option<pallet_customers::Customer>, Balance) {
		let account = self.person(who);
		let holdings = Points::portfolio(account.clone(), 1).holdings;
		let honest = holdings.iter().filter(|holding| [SKY, READ].contains(&holding.program));
		(Customers::customer(account), honest.map(|holding| holding.value).sum())
	}
}
