pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// One line of a list: icon or badge, heading, detail, state, and a figure at the end.
Tappable {
    id: card

    required property string heading
    required property string detail
    required property string glyph
    required property string family
    required property string trailing
    required property string unit
    required property string stateText
    required property string stateGlyph
    required property string tone
    required property string badge
    required property string badgeColour
    required property string badgeInk
    required property string markGlyph
    required property bool demo
    required property string route
    required property string argument
    readonly property bool marked: badge !== "" || glyph !== ""
    signal opened(route: string, argument: string)

    targetName: route === "" ? "" : heading
    description: detail + " " + stateText
    enabled: route !== ""
    opacity: 1
    height: Math.max(words.implicitHeight + Theme.px(52), Theme.px(136), figure.height + Theme.px(40))
    onTapped: opened(route, argument)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: card.pressed ? Theme.line : Theme.surface
        border.width: Theme.contrast ? 3 : 2
        border.color: Theme.line
    }

    Rectangle {
        id: badgeBox

        readonly property bool coloured: card.badgeColour !== "" && !Theme.contrast

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(32)
        width: Math.max(badgeText.implicitWidth + Theme.px(24), Theme.px(card.badge === "" ? 96 : 112))
        height: Math.max(Theme.px(card.badge === "" ? 96 : 88), badgeText.implicitHeight)
        radius: Theme.px(20)
        visible: card.marked
        color: coloured ? card.badgeColour : card.badge === "" ? Theme.familyColour(card.family) : Theme.bar
        border.width: Theme.contrast ? 3 : 0
        border.color: Theme.line

        PlainText {
            id: badgeText

            anchors.centerIn: parent
            visible: card.badge !== ""
            text: card.badge
            color: badgeBox.coloured && card.badgeInk !== "" ? card.badgeInk : Theme.barInk
            font.bold: true
            font.pixelSize: Theme.label
            wrapMode: Text.NoWrap
        }

        Icon {
            anchors.centerIn: parent
            glyph: card.badge === "" ? card.glyph : ""
            tint: badgeBox.coloured && card.badgeInk !== "" ? card.badgeInk : Theme.familyInk(card.family)
            side: Theme.px(60)
        }
    }

    Column {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: card.marked ? badgeBox.right : parent.left
        anchors.leftMargin: Theme.px(30)
        anchors.right: figure.left
        anchors.rightMargin: Theme.px(20)
        spacing: Theme.px(4)

        PlainText {
            width: parent.width
            text: card.heading
            font.bold: true
            font.pixelSize: Theme.label
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: card.detail
            color: Theme.muted
            font.pixelSize: Theme.text(27)
        }

        Loader {
            width: parent.width
            active: card.stateText !== "" || card.demo
            visible: active
            sourceComponent: RowState {
                stateText: card.stateText
                stateGlyph: card.stateGlyph
                tone: card.tone
                demo: card.demo
            }
        }
    }

    Icon {
        id: chevron

        anchors.verticalCenter: parent.verticalCenter
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(32)
        width: card.route === "" ? 0 : side
        glyph: card.route === "" ? "" : "chevron-right"
        side: Theme.px(44)
    }

    Loader {
        id: figure

        anchors.verticalCenter: parent.verticalCenter
        anchors.right: chevron.left
        anchors.rightMargin: card.route !== "" && active ? Theme.px(12) : 0
        active: card.trailing !== "" || card.unit !== "" || card.markGlyph !== ""
        sourceComponent: RowFigure {
            trailing: card.trailing
            unit: card.unit
            markGlyph: card.markGlyph
        }
    }
}
