use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

const KILO: usize = 1_000;

fn flow() -> Flow {
    let traffic = Traffic {
        operations: 3,
        operations_per_client: 2,
        heavy_operations: 2,
        unsent_bytes: 30 * KILO,
        unsent_bytes_per_client: 20 * KILO,
        patience: Duration::from_millis(10),
    };
    Flow::new(traffic, Pressure::default())
}

fn address(last: u8) -> Option<IpAddr> {
    Some(Ipv4Addr::new(192, 0, 2, last).into())
}

async fn admit(flow: &Flow, client: u8, cost: u64) -> Result<Ticket, (StatusCode, ErrorCode)> {
    let admitted = flow.admit(address(client), cost, 100, KILO).await;
    admitted.map_err(|refusal| {
        assert_eq!(refusal.header.as_ref().unwrap().0, header::RETRY_AFTER);
        (refusal.status, refusal.problems[0].code)
    })
}

const OWN: (StatusCode, ErrorCode) = (StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyRequests);
const ALL: (StatusCode, ErrorCode) = (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Busy);

#[tokio::test]
async fn operations_have_places_of_their_client_and_of_the_service() {
    let flow = flow();
    let first = admit(&flow, 1, 1).await.unwrap();
    let _second = admit(&flow, 1, 1).await.unwrap();
    assert_eq!(admit(&flow, 1, 1).await.unwrap_err(), OWN);
    let _other = admit(&flow, 2, 1).await.unwrap();
    assert_eq!(admit(&flow, 3, 1).await.unwrap_err(), ALL);
    drop(first);
    admit(&flow, 1, 1).await.unwrap();
}

#[tokio::test]
async fn what_costs_much_leaves_places_to_what_does_not() {
    let flow = flow();
    let _heavy = admit(&flow, 1, 21).await.unwrap();
    assert_eq!(admit(&flow, 1, 21).await.unwrap_err(), OWN);
    let _others = admit(&flow, 2, 21).await.unwrap();
    assert_eq!(admit(&flow, 3, 21).await.unwrap_err(), ALL);
    admit(&flow, 1, 20).await.unwrap();
}

#[tokio::test]
async fn an_answer_is_charged_until_its_last_piece_is_gone() {
    let flow = flow();
    let ticket = admit(&flow, 1, 4).await.unwrap();
    assert_eq!(flow.unsent.used(), KILO);
    let response = hold(vec![b' '; 25 * KILO].into(), ticket.answered(25 * KILO));
    assert_eq!(flow.unsent.used(), 25 * KILO);
    // Its places are free, but there is no room.
    assert_eq!(admit(&flow, 1, 1).await.unwrap_err(), OWN);
    let others = admit(&flow, 2, 1).await.unwrap().answered(5 * KILO);
    assert_eq!(admit(&flow, 3, 1).await.unwrap_err(), ALL);
    let mut body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let last = body.split_off(24 * KILO);
    drop(body);
    assert_eq!(admit(&flow, 1, 1).await.unwrap_err(), OWN);
    drop(last);
    admit(&flow, 1, 1).await.unwrap();
    drop(others);
    assert_eq!(flow.unsent.used(), 0);
}

#[tokio::test]
async fn whoever_waits_goes_on_as_soon_as_there_is_room() {
    let flow = Flow::new(Traffic { patience: Duration::from_secs(3600), ..flow().traffic }, Pressure::default());
    let answer = admit(&flow, 1, 1).await.unwrap().answered(25 * KILO);
    let mut waiting = std::pin::pin!(admit(&flow, 1, 1));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop(answer);
    waiting.await.unwrap();
}

#[tokio::test]
async fn requests_that_have_begun_are_bounded_and_so_are_their_bodies() {
    let flow = flow();
    let begin = |client| flow.begin(flow.read(address(client)));
    let begun: Vec<Begun> = (0..8).map(|_| begin(1).unwrap()).collect();
    assert_eq!(begin(1).unwrap_err().status, StatusCode::TOO_MANY_REQUESTS);
    let others: Vec<Begun> = (0..4).map(|_| begin(2).unwrap()).collect();
    assert_eq!(begin(3).unwrap_err().status, StatusCode::SERVICE_UNAVAILABLE);
    let (mut own, mut other) = (flow.read(address(1)).body, flow.read(address(2)).body);
    own.more(20 * KILO).unwrap();
    assert_eq!(own.more(1), Err(Crowd::Client));
    other.more(5 * KILO).unwrap();
    assert_eq!(other.more(1), Err(Crowd::Service));
    drop((begun, own));
    other.more(1).unwrap();
    begin(1).unwrap();
    drop(others);
}

#[tokio::test]
async fn requests_that_do_not_come_are_in_the_way_of_none_that_does() {
    let pressure = Pressure::default();
    let traffic = Traffic { operations: 128, operations_per_client: 64, ..flow().traffic };
    let flow = Flow::new(traffic, pressure.clone());
    let mut held: Vec<Read> = Vec::new();
    for client in 1..=100 {
        let waited_for = || {
            let mut read = flow.read(address(client));
            read.wait_for().ok().map(|()| read)
        };
        held.extend(std::iter::from_fn(waited_for));
    }
    // What one address may have is bounded, and so is what all have.
    assert!((1_900..=2_048).contains(&held.len()), "{}", held.len());
    assert!(pressure.lasts() && held.iter().all(Read::is_in_the_way));
    assert_eq!(flow.read(address(101)).wait_for(), Err(Crowd::Service));
    // What has come begins all the same.
    flow.begin(flow.read(address(101))).unwrap();
    drop(held);
    flow.read(address(101)).wait_for().unwrap();
}

#[tokio::test]
async fn whoever_has_much_leaves_room_to_those_who_have_less() {
    let traffic = Traffic {
        operations: 1_000,
        unsent_bytes: 64_000 * KILO,
        unsent_bytes_per_client: 16_000 * KILO,
        ..flow().traffic
    };
    for answer in [6_400, 317, 10] {
        let pressure = Pressure::default();
        let flow = Flow::new(traffic.clone(), pressure.clone());
        let mut held = Vec::new();
        for client in 1..=4 {
            let client = flow.clients.of(address(client));
            let mut charge = Charge::new(&flow.unsent, &client);
            while charge.more(answer * KILO).is_ok() {}
            held.push(charge);
        }
        assert!(pressure.lasts());
        for client in 5..=40 {
            let ticket = flow.admit(address(client), 1, 100, 100 * KILO).await.unwrap();
            held.push(ticket.answered(100 * KILO));
        }
    }
}

#[tokio::test]
async fn whoever_is_alone_has_all_there_is() {
    let flow = flow();
    let mut charge = Charge::new(&flow.unsent, &flow.clients.of(None));
    charge.more(29 * KILO).unwrap();
    charge.more(5 * KILO).unwrap();
    assert_eq!(charge.more(1), Err(Crowd::Service));
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_client_and_nowhere_is_none() {
    let flow = flow();
    let at = |last: u16| Some(IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last)));
    let _places = [flow.admit(at(1), 1, 100, KILO).await.unwrap(), flow.admit(at(2), 1, 100, KILO).await.unwrap()];
    assert_eq!(flow.admit(at(3), 1, 100, KILO).await.unwrap_err().status, StatusCode::TOO_MANY_REQUESTS);
    let mapped = Some(Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped().into());
    assert!(Arc::ptr_eq(&flow.clients.of(mapped), &flow.clients.of(address(1))));
    flow.admit(None, 1, 100, KILO).await.unwrap();
}

#[test]
fn clients_that_have_nothing_under_way_are_forgotten() {
    let flow = flow();
    let kept = flow.clients.of(address(1));
    for number in 0..10_000_u32 {
        flow.clients.of(Some(Ipv4Addr::from_bits(0x0a00_0000 + number).into()));
    }
    assert!(flow.clients.known() <= 256, "{}", flow.clients.known());
    assert!(Arc::ptr_eq(&kept, &flow.clients.of(address(1))));
}
