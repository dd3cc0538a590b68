// The map: sites by state, depots, and the route of the chosen visit's engineer, over the land outline.
import { useEffect, useRef } from "react";
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useSpoken } from "../text";
import { visitState, type Board } from "./model";

const COLOURS: Record<string, [fill: string, edge: string]> = {
  on_track: ["#cfe3f5", "#2f6fb0"], at_risk: ["#ffd257", "#a86a00"], will_miss: ["#c2500a", "#8f3a05"],
  breached: ["#3f0f3a", "#1e041b"], unassigned: ["#ffffff", "#5f6b75"], done: ["#e6e9ec", "#9aa3ad"], done_late: ["#e6e9ec", "#9aa3ad"],
};

/** Rings of land around `bounds`, from the cells that were cut at build time; a cell that is all sea has no file. */
async function landUnder(bounds: L.LatLngBounds): Promise<[number, number][][]> {
  const cells = [];
  for (let west = Math.floor(bounds.getWest() / 20) * 20; west < bounds.getEast(); west += 20) {
    for (let south = Math.floor(bounds.getSouth() / 20) * 20; south < bounds.getNorth(); south += 20) {
      cells.push(fetch(`${import.meta.env.BASE_URL}outline/${west}_${south}.json`).then((answer) => (answer.ok ? (answer.json() as Promise<[number, number][][]>) : []), () => []));
    }
  }
  return (await Promise.all(cells)).flat().map((ring) => ring.map(([lon, lat]) => [lat, lon]));
}

/** Words as words: Leaflet takes a string for markup, and customers are called what they are called. */
function asText(words: string): HTMLElement {
  const box = document.createElement("span");
  box.textContent = words;
  return box;
}

export default function MapView({ board, now, chosen, onChoose }: { board: Board; now: number; chosen: string; onChoose(visit: string): void }) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map>(null);
  const marks = useRef<L.LayerGroup>(null);
  const route = useRef<L.LayerGroup>(null);
  const { say } = useSpoken();

  useEffect(() => {
    const made = L.map(box.current!, { preferCanvas: true, zoomSnap: 0.5, zoomControl: true, attributionControl: false });
    map.current = made;
    marks.current = L.layerGroup().addTo(made);
    route.current = L.layerGroup().addTo(made);
    const spots = [...board.depots, ...board.visits].map((one) => [one.lat, one.lon] as [number, number]);
    if (spots.length) made.fitBounds(L.latLngBounds(spots), { padding: [16, 16] });
    if (spots.length) void landUnder(L.latLngBounds(spots).pad(0.5)).then((rings) => {
      if (map.current === made) L.polygon(rings, { stroke: false, fillColor: "#fbfaf6", fillOpacity: 1, interactive: false }).addTo(made).bringToBack();
    });
    const watch = new ResizeObserver(() => made.invalidateSize());
    watch.observe(box.current!);
    return () => { watch.disconnect(); made.remove(); map.current = null; };
    // The map is made once; what it shows follows in the effects below.
    // eslint-disable-next-line
  }, []);

  useEffect(() => {
    const layer = marks.current!;
    layer.clearLayers();
    for (const depot of board.depots) L.marker([depot.lat, depot.lon], { icon: L.divIcon({ className: "depot-mark", iconSize: [10, 10] }), title: depot.name, keyboard: false }).addTo(layer);
    for (const visit of board.visits) {
      const [fillColor, color] = COLOURS[visitState(visit, now)]!;
      L.circleMarker([visit.lat, visit.lon], { radius: 5, weight: 1.5, fillColor, color, fillOpacity: 0.95 }).on("click", () => onChoose(visit.id)).bindTooltip(asText(`${visit.id} ${visit.customer}`)).addTo(layer);
    }
  }, [board, now, onChoose]);

  useEffect(() => {
    const layer = route.current!;
    layer.clearLayers();
    const visit = board.visits.find((one) => one.id === chosen);
    if (!visit) return;
    L.circleMarker([visit.lat, visit.lon], { radius: 10, weight: 3, color: "#1b6ac9", fill: false }).addTo(layer);
    const stops = board.visits.filter((one) => one.shift && one.shift === visit.shift).sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
    if (stops.length > 1) L.polyline(stops.map((one) => [one.lat, one.lon] as [number, number]), { color: "#1d5a94", weight: 2, dashArray: "5 5" }).addTo(layer);
    if (!map.current!.getBounds().contains([visit.lat, visit.lon])) map.current!.panTo([visit.lat, visit.lon]);
  }, [board, chosen]);

  return <div className="map" ref={box} role="region" aria-label={say("board.map")} />;
}
