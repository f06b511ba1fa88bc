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
    signal opened(route: string, argument: string)

    targetName: route === "" ? "" : heading
    description: detail + " " + stateText
    enabled: route !== ""
    opacity: 1
    height: Math.max(words.implicitHeight + Theme.px(52), Theme.px(136), figure.implicitHeight + Theme.px(40))
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
        visible: card.badge !== "" || card.glyph !== ""
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
        anchors.left: badgeBox.visible ? badgeBox.right : parent.left
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

        Row {
            id: state

            width: parent.width
            visible: card.stateText !== "" || card.demo
            spacing: Theme.px(12)

            Icon {
                id: stateIcon

                anchors.verticalCenter: parent.verticalCenter
                glyph: card.stateGlyph
                tint: Theme.toneColour(card.tone)
                side: Theme.text(27)
            }

            PlainText {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, state.width - (stateIcon.visible ? stateIcon.width + state.spacing : 0) - (mark.visible ? mark.width + state.spacing : 0))
                visible: text !== ""
                text: card.stateText
                color: Theme.toneColour(card.tone)
                font.pixelSize: Theme.text(27)
            }

            DemoMark {
                id: mark

                anchors.verticalCenter: parent.verticalCenter
                visible: card.demo
            }
        }
    }

    Row {
        id: figure

        anchors.verticalCenter: parent.verticalCenter
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(32)
        spacing: Theme.px(12)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            glyph: card.markGlyph
            tint: Theme.muted
            side: Theme.px(40)
        }

        PlainText {
            id: number

            visible: text !== ""
            text: card.trailing
            font.bold: true
            font.pixelSize: card.unit !== "" || card.trailing.length < 6 ? Theme.text(56) : Theme.label
            wrapMode: Text.NoWrap
        }

        PlainText {
            anchors.baseline: number.baseline
            visible: text !== ""
            text: card.unit
            wrapMode: Text.NoWrap
        }

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            glyph: card.route === "" ? "" : "chevron-right"
            tint: Theme.ink
            side: Theme.px(44)
        }
    }
}
