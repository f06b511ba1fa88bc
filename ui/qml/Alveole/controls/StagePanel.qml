import QtQuick
import Alveole

// One thing to do or to know: a large icon, a headline, a sentence.
Rectangle {
    id: panel

    property string glyph: ""
    property string headline: ""
    property string detail: ""
    property string tone: "plain"
    property bool tall: false
    readonly property bool centred: tall && !Theme.large && !Theme.landscape && !Theme.low
    readonly property bool good: tone === "good"
    readonly property color tint: good ? "#ffffff" : tone === "plain" ? Theme.ink : Theme.toneColour(tone)
    readonly property bool wide: width > Theme.px(760) && !Theme.large && !centred

    implicitHeight: words.implicitHeight + Theme.px(Theme.low ? 56 : 96)
    radius: Theme.radius
    color: good ? Theme.goodSurface : tone === "warn" ? Theme.warnSurface : tone === "bad" ? Theme.badSurface : Theme.surface
    border.width: Theme.contrast ? 3 : 2
    border.color: tone === "warn" ? Theme.warnEdge : tone === "bad" ? Theme.badEdge : Theme.line

    Grid {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(48)
        width: parent.width - Theme.px(96)
        columns: panel.wide ? 2 : 1
        columnSpacing: Theme.px(48)
        rowSpacing: Theme.px(24)
        verticalItemAlignment: Grid.AlignVCenter

        Item {
            id: sign

            width: panel.centred ? words.width : mark.side
            height: panel.centred ? Theme.px(480) : mark.side

            Hexagon {
                anchors.centerIn: parent
                visible: panel.centred && panel.tone === "plain" && !Theme.contrast
                width: Theme.px(400)
                height: Theme.px(462)
                fill: Theme.honey
            }

            Icon {
                id: mark

                anchors.centerIn: parent
                glyph: panel.glyph
                tint: panel.centred && panel.tone === "plain" && !Theme.contrast ? Theme.honeyInk : panel.tint
                side: Theme.px(panel.centred ? 240 : panel.wide && !Theme.low ? 180 : 120)
            }
        }

        Column {
            width: panel.wide ? words.width - sign.width - words.columnSpacing : words.width
            spacing: Theme.px(14)

            PlainText {
                width: parent.width
                text: panel.headline
                color: panel.tint
                font.bold: true
                font.pixelSize: Theme.text(52)
                horizontalAlignment: panel.centred ? Text.AlignHCenter : Text.AlignLeft
                Accessible.role: Accessible.Heading
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: panel.detail
                color: panel.good ? "#ffffff" : Theme.ink
                font.pixelSize: Theme.text(34)
                horizontalAlignment: panel.centred ? Text.AlignHCenter : Text.AlignLeft
            }
        }
    }
}
