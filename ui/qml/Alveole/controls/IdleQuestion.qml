import QtQuick
import Alveole
import Alveole.Models

// Asks whether more time is needed before the visit is wiped; any touch or key says yes.
Rectangle {
    id: question

    required property AppViewModel app

    visible: app.phase === "warning"
    onVisibleChanged: if (visible)
        more.forceActiveFocus()
    color: Theme.contrast ? "#000000" : "#f714202b"

    MouseArea {
        anchors.fill: parent
        onClicked: question.app.touched()
    }

    Column {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(Theme.landscape ? 60 : 140)
        width: Math.min(parent.width - 2 * Theme.margin, Theme.px(1000))
        spacing: Theme.px(40)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            glyph: "hourglass"
            tint: Theme.honey
            side: Theme.px(140)
        }

        PlainText {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Encore du temps\u00a0?")
            color: Theme.barInk
            font.bold: true
            font.pixelSize: Theme.headline
        }

        PlainText {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Sans réponse, tout s’efface dans %1\u00a0s.").arg(question.app.secondsLeft)
            color: Theme.barInk
            font.pixelSize: Theme.label
        }

        MainButton {
            id: more

            width: parent.width
            glyph: "check"
            title: qsTr("Oui, je continue")
            detail: qsTr("Touchez n’importe où")
            onTapped: question.app.touched()
        }

        MainButton {
            width: parent.width
            glyph: "logout"
            title: qsTr("Non, terminer")
            detail: qsTr("Efface tout de cet écran")
            honey: false
            onTapped: question.app.end()
        }
    }
}
