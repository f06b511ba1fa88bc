pragma Singleton

import QtQuick

// The tokens of UX.md: colours, sizes and times. Main.qml binds the choices of the visit.
QtObject {
    id: theme

    // choices and panel
    property bool large: false
    property bool contrast: false
    property bool low: false
    property bool keys: false
    property bool byKeys: false  // the last act came from a key: focus is shown
    property real panelWidth: 1080
    property real panelHeight: 1920
    property real pxPerMm: 3.61
    property color accent: "#ffb81c"

    readonly property bool landscape: panelWidth > panelHeight
    readonly property real unit: Math.min(panelWidth, panelHeight) / 1080
    readonly property bool list: large || low

    // colours
    readonly property color ink: contrast ? "#ffffff" : "#14202b"
    readonly property color paper: contrast ? "#000000" : "#f7f5f0"
    readonly property color surface: contrast ? "#000000" : "#ffffff"
    readonly property color line: contrast ? "#ffffff" : "#ddd7c9"
    readonly property color muted: contrast ? "#ffffff" : "#4a5560"
    readonly property color honey: contrast ? "#ffd400" : accent
    readonly property color honeyInk: contrast ? "#000000" : "#14202b"
    readonly property color bar: contrast ? "#000000" : "#14202b"
    readonly property color barInk: "#ffffff"
    readonly property color barMuted: contrast ? "#ffffff" : "#c9d2da"
    readonly property color barLine: contrast ? "#ffffff" : "#94a3b0"
    readonly property color good: contrast ? "#ffffff" : "#1d5230"
    readonly property color bad: contrast ? "#ffd400" : "#8a1c15"
    readonly property color focus: contrast ? "#ffd400" : "#14202b"
    readonly property color focusHalo: contrast ? "#000000" : "#ffffff"
    readonly property color warnSurface: contrast ? "#000000" : "#fff3cc"
    readonly property color warnEdge: contrast ? "#ffd400" : "#f2b705"
    readonly property color badSurface: contrast ? "#000000" : "#fde7e4"
    readonly property color badEdge: contrast ? "#ffd400" : "#b3261e"
    readonly property color goodSurface: contrast ? "#000000" : "#1d5230"
    readonly property color demoSurface: contrast ? "#ffd400" : "#e7ecf2"
    readonly property color trainingSurface: contrast ? "#ffffff" : "#5b1a8c"
    readonly property color trainingInk: contrast ? "#000000" : "#ffffff"
    readonly property color demoInk: contrast ? "#000000" : "#14202b"

    // sizes; a capital H is at least 7.3 mm high in large text (0.7° at 600 mm)
    readonly property real capShare: 0.668
    readonly property int largeMin: Math.ceil(7.3 * pxPerMm / capShare)
    readonly property int small: text(24)
    readonly property int body: text(30)
    readonly property int label: text(36)
    readonly property int title: text(46)
    readonly property int headline: text(84)
    readonly property int figure: text(124)
    readonly property int target: Math.ceil(12 * pxPerMm) + 2
    readonly property int radius: px(26)
    readonly property int gap: px(24)
    readonly property int margin: px(40)
    readonly property int focusWidth: Math.max(px(8), 6)
    readonly property int shortMs: contrast || large || low ? 0 : 180

    // the lower 60 % of the panel
    readonly property real reachTop: low ? Math.ceil(panelHeight * 0.4) : 0

    readonly property string family: "Atkinson Hyperlegible Next"

    function px(size: real): int {
        return Math.round(size * unit);
    }

    function text(size: real): int {
        const scaled = Math.round(size * unit);
        return large ? Math.max(Math.round(scaled * 1.12), largeMin) : Math.max(scaled, px(22));
    }

    readonly property var familyColours: ({
            "move": "#0b5563",
            "live": "#7a3b0c",
            "school": "#1f4a8a",
            "culture": "#5b2a6e",
            "care": "#8a2432",
            "nature": "#2b5d2e",
            "card": theme.accent
        })

    function familyColour(name: string): color {
        return contrast ? "#000000" : familyColours[name] ?? "#14202b";
    }

    function familyInk(name: string): color {
        if (contrast)
            return "#ffd400";
        return name === "card" ? "#14202b" : "#ffffff";
    }

    function toneColour(name: string): color {
        const tones = {
            "good": good,
            "warn": contrast ? "#ffd400" : "#7a3b0c",
            "bad": bad,
            "plain": ink
        };
        return tones[name] ?? muted;
    }

    function hex(colour: color): string {
        return colour.toString().slice(-6);
    }
}
